package dev.pubsub.redis.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A consumer group of a stream, its names encoded once.
 */
public final class StreamGroup {

	private final String stream;

	private final String group;

	private final byte[] streamKey;

	private final byte[] groupName;

	public StreamGroup(String stream, String group) {
		this.stream = stream;
		this.group = group;
		this.streamKey = stream.getBytes(StandardCharsets.UTF_8);
		this.groupName = group.getBytes(StandardCharsets.UTF_8);
	}

	public String stream() {
		return this.stream;
	}

	public String group() {
		return this.group;
	}

	byte[] streamKey() {
		return this.streamKey;
	}

	byte[] groupName() {
		return this.groupName;
	}

	/**
	 * Return a key of this group in the slot of the stream.
	 * @param suffix what the key ends in
	 */
	byte[] keyBeside(String suffix) {
		return StreamCommands.bytes(RedisKeys.beside(this.stream, ":" + this.group + suffix));
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof StreamGroup that && this.stream.equals(that.stream) && this.group.equals(that.group);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.stream, this.group);
	}

	@Override
	public String toString() {
		return this.stream + " (group " + this.group + ")";
	}

}
