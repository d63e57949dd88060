package dev.pubsub.redis.internal.partition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FairShareTests {

	private final Random random = new Random(42);

	private final Map<String, String> holders = new HashMap<>();

	@Test
	void sharesEvenlyWhateverWasBefore() {
		for (int round = 0; round < 2000; round++) {
			int partitions = 1 + this.random.nextInt(20);
			List<String> instances = instances(1 + this.random.nextInt(6));
			this.holders.clear();
			partitions(partitions).forEach((partition) -> {
				if (this.random.nextInt(4) > 0) {
					this.holders.put(partition, "instance" + this.random.nextInt(8));
				}
			});

			Map<String, Integer> sizes = share(partitions, instances);

			assertThat(sizes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(partitions);
			assertThat(Collections.max(sizes.values()) - Collections.min(sizes.values())).isLessThanOrEqualTo(1);
		}
	}

	@Test
	void movesNoMoreThanNeeded() {
		share(16, instances(1));

		assertThat(moved(16, instances(2))).isEqualTo(8);
		assertThat(moved(16, instances(3))).isEqualTo(5);
		assertThat(moved(16, instances(2))).isEqualTo(5);
		assertThat(moved(16, instances(2))).isZero();
	}

	@Test
	void comesToTheSameWhateverTheOrderOfInstances() {
		share(16, instances(3));
		List<String> instances = new ArrayList<>(instances(5));
		FairShare expected = FairShare.of(partitions(16), instances, this.holders);
		for (int i = 0; i < 20; i++) {
			Collections.shuffle(instances, this.random);

			FairShare fair = FairShare.of(partitions(16), instances, this.holders);

			assertThat(instances)
				.allSatisfy((instance) -> assertThat(fair.share(instance)).isEqualTo(expected.share(instance)));
		}
	}

	@Test
	void givesNothingToStrangers() {
		assertThat(FairShare.of(partitions(4), List.of(), Map.of()).share("instance0")).isEmpty();
		assertThat(FairShare.of(partitions(4), instances(1), Map.of()).share("stranger")).isEmpty();
	}

	@Test
	void goesOnFromAnyMomentOfAMove() {
		share(16, instances(2));
		List<String> three = instances(3);
		FairShare target = FairShare.of(partitions(16), three, this.holders);
		List<String> toMove = new ArrayList<>(target.share("instance2"));
		for (String partition : toMove) {
			this.holders.remove(partition);
			assertThat(FairShare.of(partitions(16), three, this.holders).share("instance2"))
				.containsExactlyInAnyOrderElementsOf(target.share("instance2"));
			this.holders.put(partition, "instance2");
			assertThat(FairShare.of(partitions(16), three, this.holders).share("instance2"))
				.containsExactlyInAnyOrderElementsOf(target.share("instance2"));
		}
	}

	private long moved(int partitions, List<String> instances) {
		Map<String, String> before = new HashMap<>(this.holders);
		share(partitions, instances);
		return before.entrySet()
			.stream()
			.filter((holder) -> !holder.getValue().equals(this.holders.get(holder.getKey())))
			.count();
	}

	private Map<String, Integer> share(int partitions, List<String> instances) {
		FairShare fair = FairShare.of(partitions(partitions), instances, this.holders);
		Map<String, Integer> sizes = new HashMap<>();
		Set<String> shared = new HashSet<>();
		instances.forEach((instance) -> {
			sizes.put(instance, fair.share(instance).size());
			fair.share(instance).forEach((partition) -> {
				assertThat(shared.add(partition)).isTrue();
				this.holders.put(partition, instance);
			});
		});
		return sizes;
	}

	private static List<String> partitions(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "orders:1:" + i).toList();
	}

	private static List<String> instances(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "instance" + i).toList();
	}

}
