package dev.pubsub.redis.console;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.UnaryOperator;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends requests to a console as its page does, each on a connection of its own: the
 * JDK's client hangs now and then on a connection whose last request was answered before
 * its body was sent, as reactive servers do that refuse it.
 */
final class ConsoleClient {

	private final CookieManager cookies = new CookieManager();

	private final JsonMapper json = JsonMapper.shared();

	private final String url;

	ConsoleClient(String url) {
		this.url = url;
	}

	HttpResponse<String> get(String path) {
		return send(path, UnaryOperator.identity());
	}

	JsonNode read(String name) {
		return this.json.readTree(get("/api/" + name).body());
	}

	HttpResponse<String> post(String name, String body) {
		return post(name, body, UnaryOperator.identity());
	}

	HttpResponse<String> post(String name, String body, UnaryOperator<HttpRequest.Builder> more) {
		return send("/api/" + name,
				(request) -> more.apply(request.header("Content-Type", "application/json")
					.header("X-PubSub-Console", "1")
					.POST(BodyPublishers.ofString(body))));
	}

	HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> more) {
		try {
			return HttpClient.newBuilder()
				.cookieHandler(this.cookies)
				.build()
				.send(more.apply(HttpRequest.newBuilder(URI.create(this.url + path))).build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
