package dev.pubsub.redis.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * What the library logs meanwhile, from INFO on.
 */
public final class LogLines implements AutoCloseable {

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.pubsub.redis");

	private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

	private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

		@Override
		protected void append(ILoggingEvent event) {
			LogLines.this.events.add(event);
		}

	};

	public LogLines() {
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	/**
	 * Return the messages that contain all of the given texts.
	 * @param level their level
	 * @param texts the texts
	 * @return the messages, without stack traces
	 */
	public List<String> of(Level level, String... texts) {
		return this.events.stream()
			.filter((event) -> event.getLevel() == level)
			.map(ILoggingEvent::getFormattedMessage)
			.filter((message) -> List.of(texts).stream().allMatch(message::contains))
			.toList();
	}

	/**
	 * Return all that was logged from INFO on, as a file would have it.
	 * @param texts what the messages contain
	 * @return the text, stack traces included
	 */
	public String print(String... texts) {
		PatternLayout layout = new PatternLayout();
		layout.setContext(this.logger.getLoggerContext());
		layout.setPattern("%level %msg%n%ex");
		layout.start();
		StringBuilder text = new StringBuilder();
		this.events.stream()
			.filter((event) -> event.getLevel().isGreaterOrEqual(Level.INFO))
			.filter((event) -> List.of(texts).stream().allMatch(event.getFormattedMessage()::contains))
			.forEach((event) -> text.append(layout.doLayout(event)));
		return text.toString();
	}

	@Override
	public void close() {
		this.logger.detachAppender(this.appender);
	}

}
