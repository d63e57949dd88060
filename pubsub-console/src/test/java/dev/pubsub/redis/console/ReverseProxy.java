package dev.pubsub.redis.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A proxy that serves an application below another path, and asks it by its own host and
 * port.
 */
final class ReverseProxy implements AutoCloseable {

	private static final Set<String> OWN_HEADERS = Set.of("host", "connection", "content-length", "upgrade",
			"transfer-encoding");

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpServer server;

	private final String path;

	private final String target;

	private ReverseProxy(HttpServer server, String path, String target) {
		this.server = server;
		this.path = path;
		this.target = target;
	}

	static ReverseProxy start(String path, String target) {
		try {
			HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			ReverseProxy proxy = new ReverseProxy(server, path, target);
			server.createContext(path, proxy::forward);
			server.setExecutor(proxy.threads);
			server.start();
			return proxy;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String url() {
		return "http://localhost:" + this.server.getAddress().getPort() + this.path;
	}

	private void forward(HttpExchange exchange) throws IOException {
		String rest = exchange.getRequestURI().toString().substring(this.path.length());
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.target + rest))
			.method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
			.header("X-Forwarded-Host", exchange.getRequestHeaders().getFirst("Host"));
		exchange.getRequestHeaders().forEach((name, values) -> {
			if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
				values.forEach((value) -> request.header(name, value));
			}
		});
		try (exchange) {
			HttpResponse<byte[]> response = HttpClient.newHttpClient()
				.send(request.build(), BodyHandlers.ofByteArray());
			response.headers()
				.map()
				.forEach((name, values) -> values.stream()
					.filter((value) -> !OWN_HEADERS.contains(name))
					.forEach((value) -> exchange.getResponseHeaders().add(name, value)));
			exchange.sendResponseHeaders(response.statusCode(),
					(response.body().length > 0) ? response.body().length : -1);
			exchange.getResponseBody().write(response.body());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}
