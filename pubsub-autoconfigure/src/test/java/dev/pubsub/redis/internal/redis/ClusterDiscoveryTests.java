package dev.pubsub.redis.internal.redis;

import java.util.Arrays;
import java.util.List;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

class ClusterDiscoveryTests {

	private static final String VIEW = """
			07c37df 127.0.0.1:30004@31004 slave e7d1eec 0 1426238317239 4 connected
			67ed2db 127.0.0.1:30002@31002,host-2 master - 0 1426238316232 2 connected 5461-10922
			292f8b3 127.0.0.1:30003@31003 master,fail - 0 1426238318243 3 disconnected 10923-16383
			aaaaaaa :0@0 master,noaddr - 0 1426238318243 9 disconnected
			bbbbbbb 127.0.0.1:30009@31009 handshake - 0 0 0 connected
			e7d1eec :30001@31001 myself,master - 0 0 1 connected 0-5460 [93-<-292f8b3]
			""";

	private final ServerNodes nodes = new ServerNodes(new RedisClusterConfiguration(List.of("10.0.0.9:30001")),
			LettuceClientConfiguration.defaultConfiguration());

	private final ClusterDiscovery discovery = new ClusterDiscovery(this.nodes, new NodeQuery(RedisClient::create));

	@Test
	void readsOwnersOfSlots() {
		@Nullable Claim[] view = view(VIEW).claims();

		assertThat(view).hasSize(16_384).doesNotContainNull();
		assertThat(view[0]).hasToString(new Claim(this.nodes.at("10.0.0.9", 30_001), 1).toString());
		assertThat(view[5461]).isEqualTo(new Claim(this.nodes.at("127.0.0.1", 30_002), 2));
		assertThat(view[16_383]).isEqualTo(new Claim(this.nodes.at("127.0.0.1", 30_003), 3));
	}

	@Test
	void addressThatBeginsWithAColonIsNoPort() {
		String loopback = "07c37dfeb235213a872192d90877d0cd55635b91 ::1:30001@31001 myself,master - 0 0 1 connected 0-16383\n";

		@Nullable Claim[] view = view(loopback).claims();

		assertThat(view[0]).isEqualTo(new Claim(this.nodes.at("::1", 30_001), 1));
	}

	@Test
	void tellsWhichServersCanBeAskedNext() {
		ServerView view = view(VIEW);

		assertThat(view.members()).extracting(RedisURI::getPort).containsExactly(30_004, 30_002, 30_001);
		assertThat(this.discovery.configured()).extracting(RedisURI::getPort).containsExactly(30_001);
	}

	@Test
	void namesAreForClientsWhereTheClusterSaysSo() {
		ClusterAddresses addresses = new ClusterAddresses(VIEW, "10.0.0.9");
		List<Object> own = Arrays.asList(null, 30_001L, "e7d1eec", List.of("hostname", "host-1"));
		List<Object> named = List.of("host-2", 30_002L, "67ed2db", List.of("ip", "127.0.0.1"));
		List<Object> nameless = List.of("?", 30_003L, "292f8b3", List.of("ip", "127.0.0.1"));

		@Nullable Claim[] view = this.discovery
			.view(addresses.asServersWish(List.of(List.of(0L, 5460L, own), List.of(5461L, 10_922L, named, nameless))))
			.claims();

		assertThat(addresses.haveNames()).isTrue();
		assertThat(view[0]).isEqualTo(new Claim(this.nodes.at("10.0.0.9", 30_001), 1));
		assertThat(view[5461]).isEqualTo(new Claim(this.nodes.at("host-2", 30_002), 2));
		assertThat(view[16_383]).isEqualTo(new Claim(this.nodes.at("127.0.0.1", 30_003), 3));
	}

	@Test
	void otherThingsBehindTheAddressAreNoName() {
		String text = "ce42e51 127.0.0.1:17991@27991,,tls-port=0,shard-id=69bc080 myself,master - 0 0 1 connected 0-1\n"
				+ "ce42e52 127.0.0.1:17992@27992 master - 0 0 2 connected 2-3\n";

		assertThat(new ClusterAddresses(text, "10.0.0.9").haveNames()).isFalse();
		assertThat(view(text).claims()[1]).isEqualTo(new Claim(this.nodes.at("127.0.0.1", 17_991), 1));
	}

	private ServerView view(String text) {
		return this.discovery.view(new ClusterAddresses(text, "10.0.0.9").byAddress());
	}

}
