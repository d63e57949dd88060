package dev.pubsub.redis.producer;

import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * The texts that Redis accepts as the id of an entry.
 */
final class EntryIds {

	private static final Pattern ID = Pattern.compile("\\d{1,20}(-\\d{1,20})?");

	private static final Pattern NEW_ID = Pattern.compile("\\d{1,20}(-(\\d{1,20}|\\*))?");

	private EntryIds() {
	}

	static boolean isId(String text) {
		return ID.matcher(text).matches() && hasTwoNumbers(text);
	}

	/**
	 * Return whether an entry can be added under the given id. Its second part may be
	 * {@code *}, from Redis 7 on.
	 */
	static boolean isNewId(String text) {
		return NEW_ID.matcher(text).matches() && hasTwoNumbers(text);
	}

	/**
	 * Return whether each part fits in 64 bits without a sign.
	 */
	private static boolean hasTwoNumbers(String text) {
		for (String part : text.split("-")) {
			if (!part.equals("*") && new BigInteger(part).bitLength() > Long.SIZE) {
				return false;
			}
		}
		return true;
	}

}
