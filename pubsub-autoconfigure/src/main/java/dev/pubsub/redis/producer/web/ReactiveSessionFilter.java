package dev.pubsub.redis.producer.web;

import dev.pubsub.redis.producer.ScopedSessions;
import dev.pubsub.redis.producer.SessionFlush;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Gives each reactive exchange a session per producer, and commits or drops it at its
 * end. With {@link SessionFlush#REQUEST_END} that is just before the response goes out,
 * so that a failure to publish becomes an error response. Its order is -104, before
 * Spring Security. Filters before it have no session.
 *
 * @since 0.1.0
 */
public final class ReactiveSessionFilter implements WebFilter, Ordered {

	private final RequestEnd end;

	/**
	 * Create a filter.
	 * @param flush what happens at the end of an exchange
	 */
	public ReactiveSessionFilter(SessionFlush flush) {
		this.end = new RequestEnd(flush);
	}

	@Override
	public int getOrder() {
		return RequestEnd.ORDER;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ScopedSessions sessions = ScopedSessions.ofAnyThread();
		exchange.getAttributes().put(ReactiveSessions.SESSIONS, sessions);
		exchange.getResponse().beforeCommit(() -> flush(sessions, exchange));
		Mono<Void> end = Mono.defer(() -> Mono.fromFuture(this.end.endAsync(sessions, describe(exchange))));
		return Mono.usingWhen(Mono.just(sessions), (used) -> filter(exchange, chain, used), (used) -> end,
				(used, failure) -> end, (used) -> end);
	}

	private Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain, ScopedSessions sessions) {
		return chain.filter(exchange)
			.then(Mono.defer(() -> flush(sessions, exchange)))
			.contextWrite((context) -> context.put(ReactiveSessions.SESSIONS, sessions));
	}

	private Mono<Void> flush(ScopedSessions sessions, ServerWebExchange exchange) {
		HttpStatusCode status = exchange.getResponse().getStatusCode();
		return this.end.commits((status != null) ? status.value() : 200) ? Mono.fromFuture(sessions.flushAsync())
				: Mono.empty();
	}

	private static String describe(ServerWebExchange exchange) {
		return exchange.getRequest().getMethod() + " " + exchange.getRequest().getPath();
	}

}
