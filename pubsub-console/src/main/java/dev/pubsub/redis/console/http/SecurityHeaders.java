package dev.pubsub.redis.console.http;

import java.util.Map;

import org.springframework.http.HttpHeaders;

/**
 * Headers of every response: the page runs its own scripts only, talks to its own server
 * only, and is shown in no frame.
 */
final class SecurityHeaders {

	private static final Map<String, String> HEADERS = Map.of("Content-Security-Policy",
			"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
					+ "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
					+ "require-trusted-types-for 'script'; trusted-types 'none'",
			"X-Content-Type-Options", "nosniff", "X-Frame-Options", "DENY", "Referrer-Policy", "no-referrer",
			"Cross-Origin-Resource-Policy", "same-origin", "Permissions-Policy",
			"camera=(), geolocation=(), microphone=()");

	private SecurityHeaders() {
	}

	static void addTo(HttpHeaders headers) {
		HEADERS.forEach(headers::set);
	}

}
