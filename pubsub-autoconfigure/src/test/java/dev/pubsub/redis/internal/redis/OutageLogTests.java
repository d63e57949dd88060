package dev.pubsub.redis.internal.redis;

import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lettuce.core.RedisException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

class OutageLogTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger("outage-log-tests");

	private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

	private final AtomicLong now = new AtomicLong();

	private final OutageLog log = new OutageLog(this.logger, "Reading", this.now::get);

	@BeforeEach
	void listen() {
		this.logger.setLevel(Level.INFO);
		this.lines.start();
		this.logger.addAppender(this.lines);
	}

	@AfterEach
	void stopListening() {
		this.logger.detachAppender(this.lines);
	}

	@Test
	void logsOnceWhenItBreaksAndOnceWhenItHeals() {
		for (int i = 0; i < 100; i++) {
			this.log.failed(new IllegalStateException("refused"), "trying again");
		}
		this.now.addAndGet(Duration.ofSeconds(7).toNanos());
		this.log.succeeded();
		this.log.succeeded();

		assertThat(this.lines.list).extracting(ILoggingEvent::getFormattedMessage)
			.containsExactly("Reading failed, trying again: refused", "Reading works again after 7 s (100 failures)");
		assertThat(this.lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO);
	}

	@Test
	void doesNotTellOfAConnectionThatIsBeingMade() {
		Outages outages = new Outages(Clock.systemUTC(), this.now::get, Outages.REFUSED_DELAY);
		OutageLog claiming = outages.log(this.logger, "Claiming");
		LinkName link = new LinkName("control", "localhost:6379");
		claiming.failed(NotConnectedException.of(link, null), "trying again");
		assertThat(outages.present()).isEmpty();
		claiming.succeeded();
		assertThat(this.lines.list).isEmpty();

		claiming.failed(NotConnectedException.of(link, null), "trying again");
		claiming.failed(NotConnectedException.of(link, new ConnectException("Connection refused")), "trying again");
		claiming.failed(NotConnectedException.of(link, null), "trying again");
		assertThat(outages.present()).hasSize(1);
		claiming.succeeded();
		assertThat(this.lines.list).extracting(ILoggingEvent::getFormattedMessage)
			.satisfiesExactly((line) -> assertThat(line).startsWith("Claiming failed").contains("Connection refused"),
					(line) -> assertThat(line).startsWith("Claiming works again").contains("(2 failures)"));
	}

	@Test
	void tellsOfLostConnectionOnceForAllActivities() {
		Outages outages = new Outages(Clock.systemUTC(), this.now::get, Outages.REFUSED_DELAY);
		OutageLog reading = outages.log(this.logger, "Reading");
		OutageLog claiming = outages.log(this.logger, "Claiming");
		for (int i = 0; i < 5; i++) {
			reading.failed(new RedisException("Connection closed"), "trying again");
			claiming.failed(new RedisException("Connection closed"), "trying again");
		}
		assertThat(outages.present()).hasSize(2);
		this.now.addAndGet(Duration.ofSeconds(31).toNanos());
		claiming.failed(new RedisException("Connection closed"), "trying again");
		claiming.succeeded();
		reading.succeeded();

		assertThat(this.lines.list).extracting(ILoggingEvent::getFormattedMessage)
			.containsExactly("Reading failed, trying again: Connection closed",
					"Reading works again after 31 s (5 failures)");
	}

	@Test
	void tellsOfWhatFailsStillWhenTheOneThatToldWorksAgain() {
		Outages outages = new Outages(Clock.systemUTC(), this.now::get, Outages.REFUSED_DELAY);
		OutageLog reading = outages.log(this.logger, "Reading");
		OutageLog claiming = outages.log(this.logger, "Claiming");
		reading.failed(new RedisException("Connection closed"), "trying again");
		claiming.failed(new RedisException("Connection closed"), "trying again");
		reading.succeeded();
		this.now.addAndGet(Duration.ofSeconds(31).toNanos());
		claiming.failed(new RedisException("Connection closed"), "trying again");

		assertThat(this.lines.list).extracting(ILoggingEvent::getFormattedMessage)
			.endsWith("Claiming still fails after 31 s (2 times), trying again: Connection closed");
	}

	@Test
	void forgetsWithoutALineWhatIsNotTriedAnyMore() {
		this.log.failed(new IllegalStateException("refused"), "trying again");
		this.log.dismiss();
		this.log.succeeded();

		assertThat(this.log.present(Instant.EPOCH)).isNull();
		assertThat(this.lines.list).hasSize(1);
	}

	@Test
	void remindsEveryThirtySeconds() {
		for (int second = 0; second < 120; second++) {
			this.log.failed(new IllegalStateException("refused"), "trying again");
			this.now.addAndGet(Duration.ofSeconds(1).toNanos());
		}

		assertThat(this.lines.list).hasSize(4);
	}

	@Test
	void doesNotTellOfAnOwnerThatIsRefused() {
		this.log.failed(FakeFailures.script("FENCED another consumer owns the stream"), "trying again");

		assertThat(this.log.present(Instant.EPOCH)).isNull();
		assertThat(this.lines.list).isEmpty();
	}

	@Test
	void forgetsWhatFailedOfAPartThatEnded() {
		Outages outages = new Outages(Clock.systemUTC(), this.now::get, Outages.REFUSED_DELAY);
		Outages part = outages.part();
		OutageLog ended = part.log(this.logger, "Reading");
		ended.failed(new RedisException("Connection closed"), "trying again");
		assertThat(outages.present()).hasSize(1);
		part.end();
		ended.failed(new RedisException("Connection closed"), "trying again");
		assertThat(outages.present()).isEmpty();

		outages.part().log(this.logger, "Claiming").failed(new RedisException("Connection closed"), "trying again");

		assertThat(outages.present()).hasSize(1);
		assertThat(this.lines.list).extracting(ILoggingEvent::getFormattedMessage)
			.containsExactly("Reading failed, trying again: Connection closed",
					"Claiming failed, trying again: Connection closed");
	}

}
