package dev.pubsub.redis.console.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dev.pubsub.redis.console.http.ConsoleHandler;
import dev.pubsub.redis.console.http.ConsoleRequest;
import dev.pubsub.redis.console.http.ConsoleResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.util.ClassUtils;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * The console in Spring MVC.
 */
public final class ServletConsole implements HttpRequestHandler {

	private static final boolean SECURITY = ClassUtils.isPresent("org.springframework.security.web.csrf.CsrfToken",
			ServletConsole.class.getClassLoader());

	private final ConsolePath path;

	private final ConsoleHandler handler;

	private ServletConsole(ConsolePath path, ConsoleHandler handler) {
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
		return new SimpleUrlHandlerMapping(path.patterns(new ServletConsole(path, handler)), -2);
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
		ConsoleResponse answer = this.handler.handle(request(request));
		response.setStatus(answer.status().value());
		answer.headers().forEach((name, values) -> values.forEach((value) -> response.setHeader(name, value)));
		response.setContentLength(answer.body().length);
		response.getOutputStream().write(answer.body());
	}

	private ConsoleRequest request(HttpServletRequest request) throws IOException {
		ServletServerHttpRequest wrapped = new ServletServerHttpRequest(request);
		HttpHeaders headers = wrapped.getHeaders();
		Map<String, String> parameters = new LinkedHashMap<>();
		if (request.getQueryString() != null) {
			request.getParameterMap().forEach((name, values) -> parameters.put(name, values[0]));
		}
		String rest = this.path.rest(ServletRequestPathUtils.parseAndCache(request).pathWithinApplication().value());
		String body = new String(request.getInputStream().readNBytes(ConsoleRequest.MOST_BODY), StandardCharsets.UTF_8);
		return new ConsoleRequest(wrapped.getMethod(), rest, wrapped.getURI(), parameters, headers, body,
				Objects.requireNonNullElse(request.getRemoteUser(), ConsoleRequest.ANYBODY),
				() -> SECURITY ? Security.token(request) : null);
	}

	/**
	 * Loaded only with Spring Security.
	 */
	private static final class Security {

		static ConsoleRequest.@Nullable CsrfToken token(HttpServletRequest request) {
			Object token = request.getAttribute(org.springframework.security.web.csrf.CsrfToken.class.getName());
			return (token instanceof org.springframework.security.web.csrf.CsrfToken present)
					? new ConsoleRequest.CsrfToken(present.getHeaderName(), present.getToken()) : null;
		}

	}

}
