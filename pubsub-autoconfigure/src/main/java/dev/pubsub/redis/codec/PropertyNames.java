package dev.pubsub.redis.codec;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Names of properties, by whether they take texts only. A name that is not known may be
 * anything, unless said otherwise.
 */
final class PropertyNames {

	private final Set<String> texts;

	private final Set<String> structures;

	private boolean othersAreTexts;

	PropertyNames(boolean ignoreCase) {
		this.texts = ignoreCase ? new TreeSet<>(String.CASE_INSENSITIVE_ORDER) : new HashSet<>();
		this.structures = ignoreCase ? new TreeSet<>(String.CASE_INSENSITIVE_ORDER) : new HashSet<>();
	}

	void add(String name, boolean text) {
		(text ? this.texts : this.structures).add(name);
	}

	void addAll(PropertyNames other) {
		this.texts.addAll(other.texts);
		this.structures.addAll(other.structures);
		this.othersAreTexts |= other.othersAreTexts;
	}

	void othersAreTexts() {
		this.othersAreTexts = true;
	}

	/**
	 * Return whether a property takes texts only. Where one subtype takes a text and
	 * another one a structure, it may be either.
	 */
	boolean isText(String name) {
		return !this.structures.contains(name) && (this.othersAreTexts || this.texts.contains(name));
	}

}
