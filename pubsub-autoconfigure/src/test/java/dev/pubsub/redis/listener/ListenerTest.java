package dev.pubsub.redis.listener;

import java.util.concurrent.CountDownLatch;

import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;

/**
 * What tests of listeners have: a stream, nodes that stop with the test, and a latch on
 * which handlers may wait until it ends.
 */
@RedisTest
abstract class ListenerTest {

	final TestRedis redis;

	final String stream;

	final CountDownLatch release = new CountDownLatch(1);

	@AutoClose
	final Nodes nodes;

	ListenerTest(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.nodes = new Nodes(redis);
	}

	@AfterEach
	void letHandlersEnd() {
		this.release.countDown();
	}

}
