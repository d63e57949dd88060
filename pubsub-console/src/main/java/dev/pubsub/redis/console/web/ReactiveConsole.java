package dev.pubsub.redis.console.web;

import java.nio.charset.StandardCharsets;
import java.security.Principal;

import dev.pubsub.redis.console.http.ConsoleHandler;
import dev.pubsub.redis.console.http.ConsoleRequest;
import dev.pubsub.redis.console.http.ConsoleResponse;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;

/**
 * The console in WebFlux. It waits for Redis on threads that may be blocked.
 */
public final class ReactiveConsole implements WebHandler {

	private static final boolean SECURITY = ClassUtils
		.isPresent("org.springframework.security.web.server.csrf.CsrfToken", ReactiveConsole.class.getClassLoader());

	private final ConsolePath path;

	private final ConsoleHandler handler;

	private ReactiveConsole(ConsolePath path, ConsoleHandler handler) {
		this.path = path;
		this.handler = handler;
	}

	/**
	 * Return a mapping of the console's path, before those of the application's
	 * controllers and files.
	 * @param path where the console is
	 * @param handler answers the requests
	 * @return the mapping
	 */
	public static HandlerMapping mapping(ConsolePath path, ConsoleHandler handler) {
		return new SimpleUrlHandlerMapping(path.patterns(new ReactiveConsole(path, handler)), -2);
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange) {
		return Mono.zip(body(exchange.getRequest()), user(exchange))
			.map((read) -> request(exchange, read.getT1(), read.getT2()))
			.publishOn(Schedulers.boundedElastic())
			.map(this.handler::handle)
			.flatMap((response) -> write(exchange.getResponse(), response));
	}

	private static Mono<String> user(ServerWebExchange exchange) {
		return exchange.getPrincipal().map(Principal::getName).defaultIfEmpty(ConsoleRequest.ANYBODY);
	}

	private static Mono<String> body(ServerHttpRequest request) {
		return DataBufferUtils.takeUntilByteCount(request.getBody(), ConsoleRequest.MOST_BODY)
			.as(DataBufferUtils::join)
			.map(ReactiveConsole::text)
			.defaultIfEmpty("");
	}

	private static String text(DataBuffer buffer) {
		String text = buffer.toString(StandardCharsets.UTF_8);
		DataBufferUtils.release(buffer);
		return text;
	}

	private ConsoleRequest request(ServerWebExchange exchange, String body, String user) {
		ServerHttpRequest request = exchange.getRequest();
		return new ConsoleRequest(request.getMethod(),
				this.path.rest(request.getPath().pathWithinApplication().value()), request.getURI(),
				request.getQueryParams().toSingleValueMap(), request.getHeaders(), body, user,
				() -> SECURITY ? Security.token(exchange) : null);
	}

	private static Mono<Void> write(ServerHttpResponse response, ConsoleResponse answer) {
		response.setStatusCode(answer.status());
		answer.headers().forEach((name, values) -> response.getHeaders().put(name, values));
		response.getHeaders().setContentLength(answer.body().length);
		return response.writeWith(Mono.just(response.bufferFactory().wrap(answer.body())));
	}

	/**
	 * Loaded only with Spring Security.
	 */
	private static final class Security {

		/**
		 * Asked for on a thread that may be blocked.
		 */
		static ConsoleRequest.@Nullable CsrfToken token(ServerWebExchange exchange) {
			Mono<org.springframework.security.web.server.csrf.CsrfToken> token = exchange
				.getAttribute(org.springframework.security.web.server.csrf.CsrfToken.class.getName());
			return (token == null) ? null
					: token.map((present) -> new ConsoleRequest.CsrfToken(present.getHeaderName(), present.getToken()))
						.block();
		}

	}

}
