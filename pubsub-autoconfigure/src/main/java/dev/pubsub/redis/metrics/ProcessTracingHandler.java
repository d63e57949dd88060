package dev.pubsub.redis.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * Makes the span of a handler: a child of the span that published the message, with a
 * link to the first attempt where this is another one, and for a batch a root with a link
 * to each span that published one of its messages. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ProcessTracingHandler
		extends PropagatingReceiverTracingObservationHandler<ProcessObservationContext> {

	private static final int MOST_FIRST_ATTEMPTS = 10_000;

	/** A span as the W3C writes it: version, trace, span and flags. */
	private static final Pattern TRACE_PARENT = Pattern
		.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2}).*");

	private final Tracer tracer;

	/** First attempts that failed; the oldest are forgotten. */
	private final Map<Key, TraceContext> firstAttempts = new LinkedHashMap<>();

	public ProcessTracingHandler(Tracer tracer, Propagator propagator) {
		super(tracer, propagator);
		this.tracer = tracer;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof ProcessObservationContext;
	}

	@Override
	public Span.Builder customizeExtractedSpan(ProcessObservationContext context, Span.Builder builder) {
		for (StreamMessage<EntryFields> message : context.getMessages()) {
			TraceContext linked = context.isBatch() ? published(message) : firstAttempt(message);
			if (linked != null) {
				builder.addLink(new Link(linked));
			}
		}
		return builder;
	}

	@Override
	public void onStop(ProcessObservationContext context) {
		if (!context.isBatch()) {
			ended(context.getMessages().get(0), context);
		}
		super.onStop(context);
	}

	private void ended(StreamMessage<?> message, ProcessObservationContext context) {
		boolean failed = context.getError() != null;
		if (failed && message.attempt() <= 1) {
			TraceContext span = getRequiredSpan(context).context();
			synchronized (this.firstAttempts) {
				this.firstAttempts.put(Key.of(message), span);
				if (this.firstAttempts.size() > MOST_FIRST_ATTEMPTS) {
					this.firstAttempts.remove(this.firstAttempts.keySet().iterator().next());
				}
			}
		}
		else if (!failed && message.attempt() > 1) {
			synchronized (this.firstAttempts) {
				this.firstAttempts.remove(Key.of(message));
			}
		}
	}

	private @Nullable TraceContext firstAttempt(StreamMessage<?> message) {
		if (message.attempt() <= 1) {
			return null;
		}
		synchronized (this.firstAttempts) {
			return this.firstAttempts.get(Key.of(message));
		}
	}

	private @Nullable TraceContext published(StreamMessage<?> message) {
		String header = message.headers().get("traceparent");
		Matcher matcher = (header != null) ? TRACE_PARENT.matcher(header) : null;
		if (matcher == null || !matcher.matches()) {
			return null;
		}
		return this.tracer.traceContextBuilder()
			.traceId(matcher.group(1))
			.spanId(matcher.group(2))
			.sampled((Integer.parseInt(matcher.group(3), 16) & 1) == 1)
			.build();
	}

	private record Key(String stream, String group, String id) {

		static Key of(StreamMessage<?> message) {
			return new Key(message.stream(), message.group(), message.id().getValue());
		}

	}

}
