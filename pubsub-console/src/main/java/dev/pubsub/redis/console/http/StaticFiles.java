package dev.pubsub.redis.console.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.DigestUtils;

/**
 * The files of the page, which are in the jar. Thread-safe.
 */
final class StaticFiles {

	private static final String FOLDER = "/dev/pubsub/redis/console/static/";

	/**
	 * No part begins with a dot, so none leads out of the folder; and none is a folder.
	 */
	private static final Pattern NAME = Pattern
		.compile("(?:[A-Za-z0-9-]+/)*(?:LICENSE|[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.(?:html|css|js|svg))");

	private static final Map<String, String> TYPES = Map.of("html", "text/html;charset=utf-8", "css",
			"text/css;charset=utf-8", "js", "text/javascript;charset=utf-8", "svg", "image/svg+xml");

	private static final String TEXT = "text/plain;charset=utf-8";

	private final Map<String, Optional<StaticFile>> files = new ConcurrentHashMap<>();

	/**
	 * Return a file.
	 * @param name its path in the folder
	 * @param known the entity tag of the client's copy, {@code null} if it has none
	 * @return the response, nothing if there is no such file
	 */
	Optional<ConsoleResponse> get(String name, @Nullable String known) {
		if (!NAME.matcher(name).matches()) {
			return Optional.empty();
		}
		Optional<StaticFile> file = this.files.get(name);
		if (file == null) {
			file = load(name);
			if (file.isPresent()) {
				this.files.put(name, file);
			}
		}
		return file.map((present) -> present.response(known));
	}

	private static Optional<StaticFile> load(String name) {
		try (InputStream stream = StaticFiles.class.getResourceAsStream(FOLDER + name)) {
			if (stream == null) {
				return Optional.empty();
			}
			byte[] content = stream.readAllBytes();
			String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), TEXT);
			return Optional.of(new StaticFile(content, type, '"' + DigestUtils.md5DigestAsHex(content) + '"'));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A file with its entity tag.
	 */
	private static final class StaticFile {

		private final byte[] content;

		private final String type;

		private final String tag;

		StaticFile(byte[] content, String type, String tag) {
			this.content = content;
			this.type = type;
			this.tag = tag;
		}

		ConsoleResponse response(@Nullable String known) {
			boolean same = known != null && known.contains(this.tag);
			HttpHeaders headers = new HttpHeaders();
			headers.set(HttpHeaders.ETAG, this.tag);
			headers.setCacheControl("no-cache");
			headers.set(HttpHeaders.CONTENT_TYPE, this.type);
			return new ConsoleResponse(same ? HttpStatus.NOT_MODIFIED : HttpStatus.OK, headers,
					same ? new byte[0] : this.content);
		}

	}

}
