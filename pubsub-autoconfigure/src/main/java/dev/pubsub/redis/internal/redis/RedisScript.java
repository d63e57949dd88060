package dev.pubsub.redis.internal.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.pubsub.redis.internal.Failures;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ClassPathResource;

/**
 * A script beside this class, run by its digest, or by its text where the server does not
 * know it yet.
 */
public final class RedisScript {

	/**
	 * How many fields of an entry a script can pass on as arguments, of which Lua has
	 * room for 7,999, names and values, and some to spare.
	 */
	public static final int MOST_FIELDS = 3_600;

	/**
	 * How many fields of an entry leave a script room for those that a dead letter has
	 * beside them.
	 */
	public static final int MOST_PUBLISHED_FIELDS = MOST_FIELDS - 100;

	private static final Pattern CALL = Pattern.compile("redis\\.p?call\\('(\\w+)'");

	private final String name;

	private final ScriptKeyword byText;

	private final ScriptKeyword byDigest;

	private final byte[] text;

	private final byte[] digest;

	private RedisScript(String name, byte[] text) {
		this.name = name;
		String described = name + commands(text);
		this.byText = new ScriptKeyword(CommandType.EVAL, described);
		this.byDigest = new ScriptKeyword(CommandType.EVALSHA, described);
		this.text = text;
		this.digest = sha1(text).getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Load a script.
	 * @param name file name without its ending
	 * @return the script
	 */
	public static RedisScript load(String name) {
		return new RedisScript(name, text(name));
	}

	private static byte[] text(String name) {
		ClassPathResource resource = new ClassPathResource("scripts/" + name + ".lua", RedisScript.class);
		try (InputStream in = resource.getInputStream()) {
			return in.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the script behind another one, which may end it and has the last key and the
	 * last argument.
	 * @param first file name of the other one without its ending
	 * @return both as one script
	 */
	RedisScript after(String first) {
		String both = new String(text(first), StandardCharsets.UTF_8) + new String(this.text, StandardCharsets.UTF_8);
		return new RedisScript(this.name, both.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Return a request that runs the script by its text, so that it works in a pipeline,
	 * where there is no second try.
	 */
	<T> RedisRequest<T> request(CommandOutput<byte[], byte[], T> output, List<byte[]> keys, List<byte[]> arguments) {
		return new RedisRequest<>(this.byText, output, arguments(this.text, keys, arguments));
	}

	<T> CompletableFuture<T> run(RedisLink link, List<byte[]> keys, List<byte[]> arguments, Function<Reply, T> mapper) {
		return run(link, null, keys, arguments, mapper);
	}

	<T> CompletableFuture<T> run(RedisLink link, @Nullable Deadline deadline, List<byte[]> keys, List<byte[]> arguments,
			Function<Reply, T> mapper) {
		return run(link, deadline, () -> new TreeOutput<>(mapper), keys, arguments);
	}

	/**
	 * Run the script.
	 * @param output makes what reads the reply
	 */
	<T> CompletableFuture<T> run(RedisLink link, @Nullable Deadline deadline,
			Supplier<? extends CommandOutput<byte[], byte[], T>> output, List<byte[]> keys, List<byte[]> arguments) {
		CompletableFuture<T> byDigest = link
			.send(new RedisRequest<>(this.byDigest, output.get(), arguments(this.digest, keys, arguments)), deadline);
		return sendAgain(byDigest, RedisScript::isUnknown, () -> link
			.send(new RedisRequest<>(this.byText, output.get(), arguments(this.text, keys, arguments)), deadline));
	}

	/**
	 * Run the script several times, which must change nothing. Those for one server go in
	 * one write. What a server has not executed is sent again by itself: where it does
	 * not know the script, serves the key no more or is not connected.
	 */
	<T> List<CompletableFuture<T>> runAll(RedisLink link, Deadline deadline, List<? extends Call<T>> calls) {
		List<RedisRequest<T>> requests = new ArrayList<>(calls.size());
		calls.forEach((call) -> requests.add(byDigest(call)));
		List<CompletableFuture<T>> sent = requests.isEmpty() ? List.of() : link.sendAll(requests);
		List<CompletableFuture<T>> replies = new ArrayList<>(calls.size());
		for (int i = 0; i < sent.size(); i++) {
			Call<T> call = calls.get(i);
			CompletableFuture<T> executed = sendAgain(sent.get(i), RedisScript::isUnexecuted,
					() -> link.send(byDigest(call), deadline));
			replies.add(sendAgain(executed, RedisScript::isUnknown, () -> link.send(byText(call), deadline)));
		}
		return replies;
	}

	private static <T> CompletableFuture<T> sendAgain(CompletableFuture<T> sent, Predicate<Throwable> when,
			Supplier<CompletableFuture<T>> again) {
		return sent.exceptionallyCompose(
				(failure) -> when.test(failure) ? again.get() : CompletableFuture.failedFuture(failure));
	}

	private <T> RedisRequest<T> byDigest(Call<T> call) {
		return new RedisRequest<>(this.byDigest, call.output(), arguments(this.digest, call.keys(), call.arguments()));
	}

	private <T> RedisRequest<T> byText(Call<T> call) {
		return request(call.output(), call.keys(), call.arguments());
	}

	private static boolean isUnknown(Throwable failure) {
		return Failures.unwrap(failure) instanceof RedisNoScriptException;
	}

	private static boolean isUnexecuted(Throwable failure) {
		return Failures.unwrap(failure) instanceof NotConnectedException || ErrorReply.of(failure) != null;
	}

	private static CommandArgs<byte[], byte[]> arguments(byte[] script, List<byte[]> keys, List<byte[]> arguments) {
		CommandArgs<byte[], byte[]> all = Requests.arguments().add(script).add(keys.size());
		keys.forEach(all::addKey);
		arguments.forEach(all::add);
		return all;
	}

	/**
	 * Return which commands a script calls: servers before Redis 7 do not say which of
	 * them they refuse.
	 */
	private static String commands(byte[] text) {
		return CALL.matcher(new String(text, StandardCharsets.UTF_8))
			.results()
			.map((call) -> call.group(1))
			.distinct()
			.collect(Collectors.joining(", ", " (", ")"));
	}

	private static String sha1(byte[] text) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What to run the script for.
	 *
	 * @param <T> type of the reply
	 */
	interface Call<T> {

		List<byte[]> keys();

		List<byte[]> arguments();

		/**
		 * Return what reads one reply.
		 */
		CommandOutput<byte[], byte[], T> output();

	}

}
