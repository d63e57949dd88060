package dev.pubsub.redis.console.http;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Tells requests of the page from those that another site has a browser send. A header
 * that no other site may set without being allowed to; the browser's word on who asks;
 * and, where it gives none (pages without TLS), the origin compared with the host.
 */
final class SameOrigin {

	/**
	 * Header that each request of the page has that changes something.
	 */
	static final String HEADER = "X-PubSub-Console";

	private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

	private SameOrigin() {
	}

	/**
	 * Return why a request is not from the page.
	 * @param request a request that wants to change something
	 * @return a sentence, {@code null} if it is from the page or from no browser
	 */
	static @Nullable String refusal(ConsoleRequest request) {
		HttpHeaders headers = request.headers();
		if (headers.getFirst(HEADER) == null) {
			return "The header " + HEADER + " is missing, which protects from forged requests.";
		}
		String site = headers.getFirst("Sec-Fetch-Site");
		if (site != null) {
			return OWN_SITES.contains(site) ? null : "The request comes from another site.";
		}
		String origin = headers.getFirst(HttpHeaders.ORIGIN);
		if (origin != null && !isHost(origin, request)) {
			return "The request comes from the origin " + Parameters.quoted(origin)
					+ ", which is not the host of the console.";
		}
		return null;
	}

	/**
	 * A page of another site can set neither of these headers.
	 */
	private static boolean isHost(String origin, ConsoleRequest request) {
		URI uri;
		try {
			uri = URI.create(origin);
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
		if (uri.getHost() == null) {
			return false;
		}
		String authority = authority(uri);
		return authority.equals(authority(request.uri())) || authority.equals(host(request.headers(), uri))
				|| isForwarded(authority, uri, request.headers().getFirst("X-Forwarded-Host"));
	}

	private static boolean isForwarded(String authority, URI origin, @Nullable String forwarded) {
		if (forwarded == null) {
			return false;
		}
		String first = forwarded.split(",", 2)[0].strip().toLowerCase(Locale.ROOT);
		return first.equals(authority) || (first + ":" + defaultPort(origin)).equals(authority);
	}

	private static @Nullable String host(HttpHeaders headers, URI origin) {
		InetSocketAddress host = headers.getHost();
		if (host == null) {
			return null;
		}
		int port = (host.getPort() > 0) ? host.getPort() : defaultPort(origin);
		return (host.getHostString() + ":" + port).toLowerCase(Locale.ROOT);
	}

	private static String authority(URI uri) {
		return (uri.getHost() + ":" + port(uri)).toLowerCase(Locale.ROOT);
	}

	private static int port(URI uri) {
		return (uri.getPort() > 0) ? uri.getPort() : defaultPort(uri);
	}

	private static int defaultPort(URI uri) {
		return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
	}

}
