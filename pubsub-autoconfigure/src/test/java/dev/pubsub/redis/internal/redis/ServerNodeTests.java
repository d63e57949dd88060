package dev.pubsub.redis.internal.redis;

import io.lettuce.core.RedisURI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ServerNodeTests {

	@ParameterizedTest
	@CsvSource({ "redis://user:geheim@host:6380/0, host:6380", "rediss://:geheim@host, host:6379",
			"redis-socket://geheim@/tmp/redis.sock, /tmp/redis.sock" })
	void printsItsAddressWithoutThePassword(String uri, String printed) {
		assertThat(new ServerNode(RedisURI.create(uri))).hasToString(printed);
	}

}
