package dev.pubsub.redis.internal.redis;

import dev.pubsub.redis.internal.redis.Routes.Owner;
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
		Routes routes = routes(new Owner(this.one, 1), new Owner(this.two, 2));

		assertThat(routes.only()).isNull();
		assertThat(routes.serving(0)).isSameAs(this.one);
		assertThat(routes.serving(1)).isSameAs(this.two);
		assertThat(routes.nodes()).containsExactly(this.one, this.two);
	}

	@Test
	void anyServerIsAskedForSlotThatNoneServes() {
		Routes routes = routes(null, new Owner(this.two, 2));

		assertThat(routes.serving(0)).isSameAs(this.two);
		assertThat(routes.merge(view(new Owner(this.one, 0), null)).serving(0)).isSameAs(this.one);
	}

	@Test
	void laterClaimWins() {
		Routes routes = routes(new Owner(this.one, 5), new Owner(this.two, 2));

		assertThat(routes.merge(view(new Owner(this.two, 6), null)).serving(0)).isSameAs(this.two);
		assertThat(routes.merge(view(new Owner(this.two, 5), null))).isSameAs(routes);
		assertThat(routes.merge(view(new Owner(this.two, 4), null))).isSameAs(routes);
	}

	@Test
	void serverThatAnswersMovedIsBelievedUntilALaterClaim() {
		Routes routes = routes(new Owner(this.one, 5), new Owner(this.one, 5)).moved(0, this.two);

		assertThat(routes.serving(0)).isSameAs(this.two);
		assertThat(routes.serving(1)).isSameAs(this.one);
		assertThat(routes.merge(view(new Owner(this.one, 5), null)).serving(0)).isSameAs(this.two);
		assertThat(routes.merge(view(new Owner(this.one, 6), null)).serving(0)).isSameAs(this.one);
	}

	@Test
	void earlierClaimsCountWhereAllServersAgree() {
		Routes routes = routes(new Owner(this.one, 5), new Owner(this.one, 5));

		assertThat(routes.adopt(routes(new Owner(this.two, 1), null)).serving(0)).isSameAs(this.two);
		assertThat(routes.adopt(routes(new Owner(this.two, 1), null)).serving(1)).isSameAs(this.one);
	}

	private static Routes routes(@Nullable Owner... owners) {
		Routes routes = Routes.of(owners);
		assertThat(routes).isNotNull();
		return routes;
	}

	private static @Nullable Owner[] view(@Nullable Owner... owners) {
		return owners;
	}

}
