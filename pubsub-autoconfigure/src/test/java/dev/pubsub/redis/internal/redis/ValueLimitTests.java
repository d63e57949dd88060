package dev.pubsub.redis.internal.redis;

import io.lettuce.core.protocol.DecodeBufferPolicies;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ValueLimitTests {

	private final ValueLimit limit = new ValueLimit(DecodeBufferPolicies.ratio(3), 100);

	@Test
	void letsValuesUpToTheLimitArrive() {
		ByteBuf buffer = Unpooled.wrappedBuffer(new byte[100]);

		this.limit.afterPartialDecode(buffer);

		assertThat(buffer.readableBytes()).isEqualTo(100);
	}

	@Test
	void refusesALargerValueBeforeItIsComplete() {
		ByteBuf buffer = Unpooled.wrappedBuffer(new byte[101]);

		assertThatExceptionOfType(OversizedValueException.class).isThrownBy(() -> this.limit.afterPartialDecode(buffer))
			.withMessage("Redis sends a value of more than 100 bytes, an eighth of the heap");
	}

	@Test
	void countsNothingThatIsReadAlready() {
		ByteBuf buffer = Unpooled.wrappedBuffer(new byte[1000]).skipBytes(950);

		this.limit.afterPartialDecode(buffer);

		assertThat(buffer.readableBytes()).isEqualTo(50);
	}

}
