package dev.pubsub.redis.internal.delivery;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.StreamGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.slf4j.helpers.NOPLogger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Workers that owe acknowledgements while replies come on other threads, some of which
 * are refusals: each is settled, one batch at a time, without another flush.
 */
class AckBatcherRaceTests {

	private static final int WORKERS = 4;

	private static final int MESSAGES = 2_000;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final ExecutorService driver = Executors.newFixedThreadPool(2);

	private final InFlightMessages inFlight = new InFlightMessages();

	private final Set<EntryId> acknowledged = ConcurrentHashMap.newKeySet();

	private final AtomicInteger underWay = new AtomicInteger();

	private final AtomicInteger mostUnderWay = new AtomicInteger();

	private final Settler settler = new Settler(new StreamGroup("orders", "billing"), this.threads.timer(),
			System::nanoTime);

	private final AckBatcher acks = new AckBatcher(new Client(), this.inFlight, this.settler, this.threads.timer(),
			new OutageLog(NOPLogger.NOP_LOGGER, "Acknowledging", System::nanoTime), false);

	@AfterEach
	void close() {
		this.driver.shutdownNow();
		this.threads.close();
	}

	@RepeatedTest(5)
	void settlesEachMessageOnceItsWorkerFlushed() throws Exception {
		CountDownLatch done = new CountDownLatch(WORKERS);
		for (int i = 0; i < WORKERS; i++) {
			int worker = i;
			this.threads.tasks().execute(() -> {
				for (int j = 0; j < MESSAGES; j++) {
					InFlightMessage message = new InFlightMessage(new EntryId(j, worker), EntryFields.of(), 1, 0, 0);
					this.inFlight.add(message);
					this.acks.add(message);
					this.acks.flush();
				}
				done.countDown();
			});
		}

		assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
		await("all are acknowledged").until(() -> this.acknowledged.size() == WORKERS * MESSAGES);
		await("nothing is owed").until(() -> this.acks.size() == 0);
		assertThat(this.inFlight.all()).isEmpty();
		assertThat(this.mostUnderWay).hasValue(1);
	}

	private final class Client extends FakeGroupClient {

		Client() {
			super(new FakeGroup(new StreamGroup("orders", "billing"), () -> 0), "one", Wire.NONE);
		}

		@Override
		public CompletableFuture<Long> acknowledge(List<EntryId> ids) {
			AckBatcherRaceTests.this.mostUnderWay.accumulateAndGet(AckBatcherRaceTests.this.underWay.incrementAndGet(),
					Math::max);
			int dice = ThreadLocalRandom.current().nextInt(100);
			CompletableFuture<Long> reply = new CompletableFuture<>();
			Runnable end = () -> {
				AckBatcherRaceTests.this.underWay.decrementAndGet();
				if (dice == 0) {
					reply.completeExceptionally(new IllegalStateException("refused"));
				}
				else {
					AckBatcherRaceTests.this.acknowledged.addAll(ids);
					reply.complete((long) ids.size());
				}
			};
			if (dice < 20) {
				end.run();
			}
			else {
				AckBatcherRaceTests.this.driver.execute(end);
			}
			return reply;
		}

	}

}
