package dev.pubsub.redis.internal.redis;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;

import io.lettuce.core.cluster.SlotHash;
import org.jspecify.annotations.Nullable;

/**
 * The links to single slots that are in use: there is one object per slot, and few slots
 * are used by most links. Thread-safe.
 */
final class SlotLinks {

	private static final int PART = 128;

	private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable SlotLink>> parts = new AtomicReferenceArray<>(
			SlotHash.SLOT_COUNT / PART);

	private final IntFunction<SlotLink> factory;

	SlotLinks(IntFunction<SlotLink> factory) {
		this.factory = factory;
	}

	SlotLink get(int slot) {
		AtomicReferenceArray<@Nullable SlotLink> part = this.parts.get(slot / PART);
		SlotLink link = (part != null) ? part.get(slot % PART) : null;
		return (link != null) ? link : create(slot);
	}

	private SlotLink create(int slot) {
		this.parts.compareAndSet(slot / PART, null, new AtomicReferenceArray<>(PART));
		AtomicReferenceArray<@Nullable SlotLink> part = this.parts.get(slot / PART);
		SlotLink created = this.factory.apply(slot);
		if (part == null || part.compareAndSet(slot % PART, null, created)) {
			return created;
		}
		return get(slot);
	}

}
