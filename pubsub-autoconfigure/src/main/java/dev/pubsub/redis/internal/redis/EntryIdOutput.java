package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import org.jspecify.annotations.Nullable;

/**
 * Reads the reply of XADD, the id of the new entry or nothing, straight from the buffer.
 */
final class EntryIdOutput extends CommandOutput<byte[], byte[], @Nullable EntryId> {

	EntryIdOutput() {
		super(ByteArrayCodec.INSTANCE, null);
	}

	@Override
	public void set(@Nullable ByteBuffer bytes) {
		this.output = (bytes != null) ? EntryId.parse(bytes) : null;
	}

}
