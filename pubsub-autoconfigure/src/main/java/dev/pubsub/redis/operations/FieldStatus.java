package dev.pubsub.redis.operations;

/**
 * A field of an entry.
 *
 * @param name its name
 * @param value its value; of a long one the first {@value #MOST_BYTES} bytes
 * @param encoding how the value is written: {@code text}, or {@code base64} where it is
 * no text
 * @param bytes size of the whole value
 * @since 0.1.0
 */
public record FieldStatus(String name, String value, String encoding, long bytes) {

	/**
	 * Most bytes of a value that are shown.
	 */
	public static final int MOST_BYTES = 16 * 1024;

}
