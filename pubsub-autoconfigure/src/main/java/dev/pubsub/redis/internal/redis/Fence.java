package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.Failures;
import io.lettuce.core.output.CommandOutput;
import org.jspecify.annotations.Nullable;

/**
 * Lets scripts act only while one consumer owns the stream, with the token that it had
 * when it sent them: the server looks in the same step. Thread-safe.
 */
public final class Fence {

	private static final Map<RedisScript, RedisScript> FENCED = new ConcurrentHashMap<>();

	private final byte[] key;

	private final byte[] holder;

	private final Runnable onRefused;

	/**
	 * Create a fence.
	 * @param group stream and group
	 * @param owner name of the owner
	 * @param token its token
	 * @param onRefused is told, on a driver's thread, that a script was refused: another
	 * consumer owns the stream
	 */
	public Fence(StreamGroup group, String owner, long token, Runnable onRefused) {
		this.key = RedisOwnerLease.key(group);
		this.holder = StreamCommands.bytes(owner + " " + token);
		this.onRefused = onRefused;
	}

	byte[] key() {
		return this.key;
	}

	<T> CompletableFuture<T> run(RedisScript script, RedisLink link,
			Supplier<? extends CommandOutput<byte[], byte[], T>> output, List<byte[]> keys, List<byte[]> arguments) {
		List<byte[]> allKeys = new ArrayList<>(keys);
		allKeys.add(this.key);
		List<byte[]> allArguments = new ArrayList<>(arguments);
		allArguments.add(this.holder);
		return FENCED.computeIfAbsent(script, (bare) -> bare.after("fence"))
			.run(link, null, output, allKeys, allArguments)
			.whenComplete((reply, failure) -> answered(failure));
	}

	/**
	 * A script behind this fence was answered.
	 * @param failure why it failed, {@code null} if it did not
	 */
	void answered(@Nullable Throwable failure) {
		if (failure != null && isRefusal(failure)) {
			this.onRefused.run();
		}
	}

	/**
	 * Return owner and token, as its scripts get them.
	 */
	byte[] holder() {
		return this.holder;
	}

	/**
	 * Return whether a script was refused since another consumer owns the stream.
	 */
	static boolean isRefusal(Throwable failure) {
		return error(failure).startsWith("FENCED");
	}

	/**
	 * Return the error that a script replied with, empty where it was no reply.
	 */
	static String error(Throwable failure) {
		return (Failures.unwrap(failure) instanceof CommandFailedException failed) ? failed.error() : "";
	}

}
