package dev.pubsub.redis.console.http;

import java.net.URI;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;

class SameOriginTests {

	@ParameterizedTest
	@CsvSource({ "http://shop.example, http://shop.example/pubsub/api/x, shop.example,",
			"http://shop.example:8080, http://shop.example:8080/pubsub/api/x, shop.example:8080,",
			"https://shop.example, http://10.0.0.7:8080/pubsub/api/x, shop.example,",
			"https://shop.example, http://10.0.0.7:8080/pubsub/api/x, 10.0.0.7:8080, shop.example",
			"https://shop.example, http://10.0.0.7:8080/pubsub/api/x, 10.0.0.7:8080, 'shop.example, 10.0.0.1'",
			"https://SHOP.example, http://10.0.0.7:8080/pubsub/api/x, shop.example:443," })
	void takesTheConsolesOwnOrigin(String origin, String uri, String host, String forwarded) {
		assertThat(refusal(origin, uri, host, forwarded)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "http://evil.example, http://shop.example/pubsub/api/x, shop.example,",
			"http://shop.example:81, http://shop.example/pubsub/api/x, shop.example,",
			"null, http://shop.example/pubsub/api/x, shop.example,", "'', http://shop.example/x, shop.example,",
			"http://[, http://shop.example/x, shop.example,",
			"http://shop.example.evil.example, http://shop.example/x, " + "shop.example, shop.example" })
	void refusesOthers(String origin, String uri, String host, String forwarded) {
		assertThat(refusal(origin, uri, host, forwarded)).contains("not the host of the console");
	}

	@Test
	void takesRequestsOfNoBrowserWithTheHeaderOnly() {
		HttpHeaders headers = new HttpHeaders();
		assertThat(SameOrigin.refusal(request("http://shop.example/x", headers))).contains("X-PubSub-Console");

		headers.set(SameOrigin.HEADER, "1");
		assertThat(SameOrigin.refusal(request("http://shop.example/x", headers))).isNull();
	}

	private static String refusal(String origin, String uri, String host, String forwarded) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(SameOrigin.HEADER, "1");
		headers.set(HttpHeaders.ORIGIN, origin);
		headers.set(HttpHeaders.HOST, host);
		if (forwarded != null) {
			headers.set("X-Forwarded-Host", forwarded);
		}
		return SameOrigin.refusal(request(uri, headers));
	}

	private static ConsoleRequest request(String uri, HttpHeaders headers) {
		return new ConsoleRequest(HttpMethod.POST, "/api/x", URI.create(uri), Map.of(), headers, "", "ann", () -> null);
	}

}
