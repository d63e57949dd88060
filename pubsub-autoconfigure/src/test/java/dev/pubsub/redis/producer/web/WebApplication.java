package dev.pubsub.redis.producer.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * A small web application on a free port, and a client for it.
 */
final class WebApplication implements AutoCloseable {

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private WebApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static WebApplication start(WebApplicationType type, Class<?> configuration, Object... beans) {
		return new WebApplication(new SpringApplicationBuilder(configuration).web(type)
			.initializers((context) -> register(context, beans))
			.run("--server.port=0", "--spring.main.banner-mode=off", "--spring.reactor.context-propagation=auto"));
	}

	String get(String path) {
		return send(path).body();
	}

	int status(String path) {
		return send(path).statusCode();
	}

	@Override
	public void close() {
		this.context.close();
	}

	HttpResponse<String> send(String path) {
		URI uri = URI
			.create("http://localhost:" + this.context.getEnvironment().getProperty("local.server.port") + path);
		try {
			return this.client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@SuppressWarnings("unchecked")
	private static void register(ConfigurableApplicationContext context, Object... beans) {
		for (Object bean : beans) {
			((GenericApplicationContext) context).registerBean((Class<Object>) bean.getClass(), () -> bean);
		}
	}

}
