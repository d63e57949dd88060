package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import io.lettuce.core.protocol.CommandType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

class GatheredLinkTests {

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final RedisLink link = mock(RedisLink.class);

	private final GatheredLink gathered = new GatheredLink(this.link, this.threads);

	private final List<List<CompletableFuture<Object>>> writes = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.threads.close();
	}

	@Test
	void sendsWhatOneTickAsksInOneWrite() throws Exception {
		answerWith(CompletableFuture.completedFuture(1L),
				CompletableFuture.failedFuture(new IllegalStateException("two")),
				CompletableFuture.completedFuture(3L));

		List<CompletableFuture<Long>> replies = inOneTick(3);

		assertThat(get(replies.get(0))).isEqualTo(1);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(replies.get(1)))
			.withMessageContaining("two");
		assertThat(get(replies.get(2))).isEqualTo(3);
		assertThat(this.writes).hasSize(1);
	}

	@Test
	void failsWhatCouldNotBeSentAndSendsOn() throws Exception {
		given(this.link.<Object>sendAll(ArgumentMatchers.any())).willThrow(new OutOfMemoryError("planted"))
			.willReturn(List.of(CompletableFuture.completedFuture(2L)));

		CompletableFuture<Long> first = inOneTick(1).get(0);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(first))
			.withMessageContaining("planted");

		assertThat(get(inOneTick(1).get(0))).isEqualTo(2);
	}

	@Test
	void sendsWhatHasADeadlineAtOnce() throws Exception {
		CompletableFuture<Long> reply = CompletableFuture.completedFuture(1L);
		RedisRequest<Long> request = request();
		Deadline deadline = Deadline.after(Duration.ofSeconds(1));
		given(this.link.send(request, deadline)).willReturn(reply);

		assertThat(this.gathered.send(request, deadline)).isSameAs(reply);
	}

	@Test
	void leavesTheConnectionsToTheOtherLink() throws Exception {
		this.gathered.close();

		then(this.link).should(never()).close();
	}

	@SafeVarargs
	private void answerWith(CompletableFuture<Object>... replies) {
		given(this.link.<Object>sendAll(ArgumentMatchers.any())).willAnswer((call) -> {
			this.writes.add(List.of(replies));
			return List.of(replies);
		});
	}

	private List<CompletableFuture<Long>> inOneTick(int count) throws Exception {
		List<CompletableFuture<Long>> replies = new ArrayList<>();
		this.threads.timer().submit(() -> {
			for (int i = 0; i < count; i++) {
				replies.add(this.gathered.send(request()));
			}
		}).get(5, TimeUnit.SECONDS);
		return replies;
	}

	private static RedisRequest<Long> request() {
		return Requests.of(CommandType.XLEN, Requests.arguments().addKey("orders".getBytes()), Reply::number);
	}

	private static long get(CompletableFuture<Long> reply) throws Exception {
		return reply.get(5, TimeUnit.SECONDS);
	}

}
