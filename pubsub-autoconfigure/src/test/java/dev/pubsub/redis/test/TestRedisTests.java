package dev.pubsub.redis.test;

import java.util.List;

import io.lettuce.core.RedisURI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TestRedisTests {

	@ParameterizedTest
	@ValueSource(
			strings = { "redis://localhost:1", "redis://:secret@localhost:1", "rediss://shop:a%20b%2Fc@localhost:1/2" })
	void urlHasCredentialsIfThereAreAny(String url) {
		RedisURI uri = RedisURI.create(url);

		assertThat(new TestRedis(uri, "", new Connections(uri, RedisTopology.standalone(uri)), List.of()).url())
			.isEqualTo(url);
	}

}
