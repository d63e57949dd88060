package dev.pubsub.redis.test;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link ClusterView}.
 */
class ClusterViewTests {

	@Test
	void readsEveryShapeOfLine() {
		ClusterView view = ClusterView.parse("""
				aa 127.0.0.1:11001@21001,,tls-port=0,shard-id=1 myself,master - 0 0 1 connected 0-2 7 [5->-bb] [6-<-bb]
				bb 127.0.0.1:11002@21002 master,fail - 0 0 2 disconnected
				cc 127.0.0.1:11003@21003,host.example slave bb 0 0 2 connected
				""");

		assertThat(view.self().allSlots()).containsExactly(0, 1, 2, 7);
		assertThat(view.self().serves(7)).isTrue();
		assertThat(view.self().serves(5)).isFalse();
		assertThat(view.at(11002).orElseThrow().servesSlots()).isFalse();
		assertThat(view.at(11003).orElseThrow().master()).isEqualTo("bb");
		assertThat(view.isComplete(3)).isTrue();
	}

}
