package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The reads of an owner as they are, whose commands a fake executes.
 */
public abstract class FakeOwnerReads implements OwnerReads.Commands {

	private final OwnerReads reads;

	protected FakeOwnerReads(Supplier<CompletableFuture<@Nullable StreamProgress>> progress) {
		this.reads = new OwnerReads(this, progress);
	}

	public CompletableFuture<List<StreamEntry>> read(int count, Duration block, boolean acknowledged, long mostBytes) {
		return this.reads.read(count, block, acknowledged, mostBytes);
	}

	/**
	 * Return the owner and the token that a fence asks for.
	 */
	public static String holder(Fence fence) {
		return new String(fence.holder());
	}

	/**
	 * Tell a fence of an answer.
	 */
	public static void answered(Fence fence, @Nullable Throwable failure) {
		fence.answered(failure);
	}

}
