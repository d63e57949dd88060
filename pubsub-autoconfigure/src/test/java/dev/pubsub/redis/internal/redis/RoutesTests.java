package dev.pubsub.redis.internal.redis;

import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RoutesTests {

	private final ServerNode one = new ServerNode(RedisURI.create("redis://one"));

	private final ServerNode two = new ServerNode(RedisURI.create("redis://two"));

	@Test
	void oneServerServesAllSlots() {
		Routes routes = Routes.to(this.one);

		assertThat(routes.only()).isSameAs(this.one);
		assertThat(routes.serving(16_383)).isSameAs(this.one);
	}

	@Test
	void eachSlotHasItsServer() {
		Routes routes = routes(this.one, this.two);

		assertThat(routes.only()).isNull();
		assertThat(routes.serving(0)).isSameAs(this.one);
		assertThat(routes.serving(1)).isSameAs(this.two);
		assertThat(routes.nodes()).containsExactly(this.one, this.two);
		assertThat(routes.isSameAs(routes(this.one, this.two))).isTrue();
		assertThat(routes.isSameAs(routes(this.two, this.one))).isFalse();
	}

	@Test
	void anyServerIsAskedForSlotThatNoneServes() {
		assertThat(routes(null, this.two).serving(0)).isSameAs(this.two);
		assertThat(Routes.of(new @Nullable ServerNode[2])).isNull();
	}

	private static Routes routes(@Nullable ServerNode... owners) {
		Routes routes = Routes.of(owners);
		assertThat(routes).isNotNull();
		return routes;
	}

}
