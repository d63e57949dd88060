package dev.pubsub.redis.internal.redis;

import io.lettuce.core.protocol.DecodeBufferPolicy;
import io.netty.buffer.ByteBuf;

/**
 * Ends a connection on which a value arrives that is too large for this process. The
 * driver gathers a value in one buffer until it is complete. With no memory for that, the
 * other connections would fail, too. Costs nothing while values are small: it is asked
 * only when a read has ended within a value.
 */
final class ValueLimit implements DecodeBufferPolicy {

	private final DecodeBufferPolicy policy;

	private final long most;

	/**
	 * Create a limit.
	 * @param policy what happens to buffers otherwise
	 * @param most greatest size of a value in bytes
	 */
	ValueLimit(DecodeBufferPolicy policy, long most) {
		this.policy = policy;
		this.most = most;
	}

	@Override
	public void afterPartialDecode(ByteBuf buffer) {
		// What is readable is the part of the value that is here.
		if (buffer.readableBytes() > this.most) {
			throw new OversizedValueException(this.most);
		}
		this.policy.afterPartialDecode(buffer);
	}

	@Override
	public void afterCommandDecoded(ByteBuf buffer) {
		this.policy.afterCommandDecoded(buffer);
	}

	@Override
	public void afterDecoding(ByteBuf buffer) {
		this.policy.afterDecoding(buffer);
	}

}
