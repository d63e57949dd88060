package dev.pubsub.redis.console.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import dev.pubsub.redis.admin.StreamAdminException;
import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.operations.OperationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Answers all requests to the console: its files, what the page reads and what it does.
 * Waits for Redis. Thread-safe.
 */
public final class ConsoleHandler {

	private static final Logger logger = LoggerFactory.getLogger(ConsoleHandler.class);

	private static final String API = "/api/";

	private final StaticFiles files = new StaticFiles();

	private final JsonMapper json = JsonMapper.builder().build();

	private final Map<String, Function<Parameters, ?>> reads;

	private final Map<String, Function<Parameters, ?>> actions;

	private final boolean mayAct;

	/**
	 * Create a handler.
	 * @param reads what can be read, by the path after {@code /api/}
	 * @param actions what can be done, by the path after {@code /api/}
	 * @param mayAct whether anything may be done
	 */
	public ConsoleHandler(Map<String, Function<Parameters, ?>> reads, Map<String, Function<Parameters, ?>> actions,
			boolean mayAct) {
		this.reads = Map.copyOf(reads);
		this.actions = Map.copyOf(actions);
		this.mayAct = mayAct;
	}

	/**
	 * Answer a request.
	 * @param request the request
	 * @return the response, also where something fails
	 */
	public ConsoleResponse handle(ConsoleRequest request) {
		ConsoleResponse response = answer(request);
		SecurityHeaders.addTo(response.headers());
		return response;
	}

	private ConsoleResponse answer(ConsoleRequest request) {
		try {
			return request.path().startsWith(API) ? api(request, request.path().substring(API.length()))
					: file(request);
		}
		catch (RefusedException ex) {
			return problem(ex.status(), ex.getMessage());
		}
		catch (OperationException ex) {
			return problem(status(ex.getKind()), ex.getMessage());
		}
		catch (StreamAdminException ex) {
			return problem(HttpStatus.SERVICE_UNAVAILABLE, ex.getMessage());
		}
	}

	private ConsoleResponse file(ConsoleRequest request) {
		if (request.path().isEmpty()) {
			return toFolder(request);
		}
		requireMethod(request, HttpMethod.GET, HttpMethod.HEAD);
		String name = request.path().equals("/") ? "index.html" : request.path().substring(1);
		return this.files.get(name, request.headers().getFirst(HttpHeaders.IF_NONE_MATCH))
			.orElseThrow(() -> RefusedException.notFound("There is no such page."));
	}

	/**
	 * The page names its files relative to its folder. So is this redirect, since only
	 * the proxy knows the path by which it was reached.
	 */
	private static ConsoleResponse toFolder(ConsoleRequest request) {
		String path = request.uri().getRawPath();
		ConsoleResponse redirect = ConsoleResponse.empty(HttpStatus.FOUND);
		redirect.headers().set(HttpHeaders.LOCATION, "./" + path.substring(path.lastIndexOf('/') + 1) + "/");
		return redirect;
	}

	private ConsoleResponse api(ConsoleRequest request, String name) {
		Function<Parameters, ?> read = this.reads.get(name);
		if (read != null) {
			requireMethod(request, HttpMethod.GET, HttpMethod.HEAD);
			return json(HttpStatus.OK, read.apply(new Parameters(request.parameters())),
					this.mayAct ? request.csrfToken().get() : null);
		}
		Function<Parameters, ?> action = this.actions.get(name);
		if (action == null) {
			throw RefusedException.notFound("There is no such page.");
		}
		requireMethod(request, HttpMethod.POST);
		requireAccess(request);
		Parameters parameters = body(request);
		logger.info("Console: {} {} by {}", name, SafeText.of(parameters), SafeText.of(request.user()));
		return json(HttpStatus.OK, action.apply(parameters), null);
	}

	private void requireAccess(ConsoleRequest request) {
		String refusal = SameOrigin.refusal(request);
		if (refusal != null) {
			throw RefusedException.of(HttpStatus.FORBIDDEN, refusal);
		}
		if (!this.mayAct) {
			throw RefusedException.of(HttpStatus.FORBIDDEN,
					"The console is read-only. Set pubsub.console.access=unrestricted to act on it.");
		}
	}

	private static void requireMethod(ConsoleRequest request, HttpMethod... methods) {
		for (HttpMethod method : methods) {
			if (method.equals(request.method())) {
				return;
			}
		}
		throw RefusedException.of(HttpStatus.METHOD_NOT_ALLOWED,
				"The method must be " + methods[0] + ", was " + request.method() + ".");
	}

	private Parameters body(ConsoleRequest request) {
		MediaType type = request.headers().getContentType();
		if (type == null || !type.isCompatibleWith(MediaType.APPLICATION_JSON)) {
			throw RefusedException.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The content type must be application/json.");
		}
		if (request.body().length() >= ConsoleRequest.MOST_BODY) {
			throw RefusedException.of(HttpStatus.CONTENT_TOO_LARGE, "The body is too large.");
		}
		try {
			Map<String, String> values = new LinkedHashMap<>();
			JsonNode body = this.json.readTree(request.body());
			body.properties()
				.stream()
				.filter((property) -> property.getValue().isValueNode() && !property.getValue().isNull())
				.forEach((property) -> values.put(property.getKey(), property.getValue().asString()));
			return new Parameters(values);
		}
		catch (JacksonException ex) {
			throw RefusedException.badRequest("The body is not JSON.");
		}
	}

	private static HttpStatus status(OperationException.Kind kind) {
		return switch (kind) {
			case INVALID -> HttpStatus.BAD_REQUEST;
			case UNKNOWN -> HttpStatus.NOT_FOUND;
			case CONFLICT -> HttpStatus.CONFLICT;
			case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
		};
	}

	private ConsoleResponse problem(HttpStatus status, @Nullable String message) {
		String sentence = (message != null) ? message : status.getReasonPhrase();
		return json(status, Map.of("message", sentence.endsWith(".") ? sentence : sentence + "."), null);
	}

	private ConsoleResponse json(HttpStatus status, Object content, ConsoleRequest.@Nullable CsrfToken token) {
		HttpHeaders headers = new HttpHeaders();
		headers.setContentType(MediaType.APPLICATION_JSON);
		headers.setCacheControl("no-store");
		if (token != null) {
			headers.set("X-PubSub-Csrf-Header", token.header());
			headers.set("X-PubSub-Csrf-Token", token.value());
		}
		return new ConsoleResponse(status, headers, this.json.writeValueAsBytes(content));
	}

}
