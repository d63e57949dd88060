package dev.pubsub.redis.internal.partition;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Shares partitions among instances. All instances that know the same come to the same
 * result, so that none has to decide for the others: as many partitions for each, but for
 * one; an instance keeps what it has, up to that; what is left goes to the instance that
 * comes first in the order of a hash, which is another order for each partition.
 */
public final class FairShare {

	private final Map<String, Set<String>> shares = new TreeMap<>();

	private FairShare() {
	}

	/**
	 * Share partitions.
	 * @param partitions names of all partitions
	 * @param instances names of the instances
	 * @param holders names of the instances that have partitions, by the names of these;
	 * others than those instances count as none
	 * @return the shares
	 */
	public static FairShare of(List<String> partitions, Collection<String> instances, Map<String, String> holders) {
		FairShare fair = new FairShare();
		instances.forEach((instance) -> fair.shares.put(instance, new LinkedHashSet<>()));
		if (!fair.shares.isEmpty()) {
			fair.share(partitions, holders);
		}
		return fair;
	}

	private void share(List<String> partitions, Map<String, String> holders) {
		for (String partition : partitions) {
			Set<String> held = this.shares.get(holders.getOrDefault(partition, ""));
			if (held != null) {
				held.add(partition);
			}
		}
		Map<String, Integer> quotas = quotas(partitions.size());
		this.shares.forEach((instance, held) -> held.stream()
			.sorted(Comparator.comparingLong((String partition) -> weight(partition, instance)))
			.limit(Math.max(0, held.size() - quota(quotas, instance)))
			.toList()
			.forEach(held::remove));
		Set<String> left = new LinkedHashSet<>(partitions);
		this.shares.values().forEach(left::removeAll);
		left.forEach((partition) -> this.shares.entrySet()
			.stream()
			.filter((share) -> share.getValue().size() < quota(quotas, share.getKey()))
			.max(Comparator.comparingLong((share) -> weight(partition, share.getKey())))
			.ifPresent((share) -> share.getValue().add(partition)));
	}

	/**
	 * The first ones by name have one more than others. What they have at the moment does
	 * not matter, or a move that is under way would change where it goes.
	 */
	private Map<String, Integer> quotas(int partitions) {
		int all = this.shares.size();
		int rest = partitions % all;
		Map<String, Integer> quotas = new TreeMap<>();
		for (String instance : this.shares.keySet()) {
			quotas.put(instance, partitions / all + ((quotas.size() < rest) ? 1 : 0));
		}
		return quotas;
	}

	private static int quota(Map<String, Integer> quotas, String instance) {
		return quotas.getOrDefault(instance, 0);
	}

	private static long weight(String partition, String instance) {
		return KeyHash.of(partition + " " + instance);
	}

	/**
	 * Return the share of an instance.
	 * @param instance name of the instance
	 * @return names of its partitions; none for one that is unknown
	 */
	public Set<String> share(String instance) {
		return this.shares.getOrDefault(instance, Set.of());
	}

}
