package dev.pubsub.redis.test;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What one node says about all nodes of its cluster.
 *
 * @param nodes the nodes it knows, itself included
 */
record ClusterView(List<Node> nodes) {

	static ClusterView of(RedisServerProcess node) {
		return parse(String.valueOf(node.send("CLUSTER", "NODES")));
	}

	static ClusterView parse(String text) {
		return new ClusterView(text.lines().filter((line) -> !line.isBlank()).map(ClusterView::node).toList());
	}

	private static Node node(String line) {
		String[] parts = line.split(" ");
		String address = parts[1];
		int end = address.indexOf('@');
		int port = Integer.parseInt(address.substring(address.lastIndexOf(':', end) + 1, end));
		List<SlotRange> slots = Arrays.stream(parts)
			.skip(8)
			.filter((range) -> !range.startsWith("["))
			.map(SlotRange::parse)
			.toList();
		return new Node(parts[0], port, List.of(parts[2].split(",")), parts[3], slots);
	}

	Node self() {
		return this.nodes.stream().filter((node) -> node.flags().contains("myself")).findFirst().orElseThrow();
	}

	Optional<Node> at(int port) {
		return this.nodes.stream().filter((node) -> node.port() == port).findFirst();
	}

	boolean isComplete(int size) {
		return this.nodes.size() == size && this.nodes.stream().noneMatch(Node::isInHandshake);
	}

	/**
	 * A node.
	 *
	 * @param id its id
	 * @param port where it listens
	 * @param flags what it is
	 * @param master id of its master, if it is a replica
	 * @param slots slots that it serves
	 */
	record Node(String id, int port, List<String> flags, String master, List<SlotRange> slots) {

		boolean isMaster() {
			return this.flags.contains("master");
		}

		boolean isInHandshake() {
			return this.flags.contains("handshake");
		}

		boolean serves(int slot) {
			return isMaster() && this.slots.stream().anyMatch((range) -> range.from() <= slot && slot <= range.to());
		}

		boolean servesSlots() {
			return isMaster() && !this.slots.isEmpty();
		}

		List<Integer> allSlots() {
			return this.slots.stream()
				.flatMapToInt((range) -> IntStream.rangeClosed(range.from(), range.to()))
				.boxed()
				.toList();
		}

	}

	/**
	 * Neighbouring slots.
	 *
	 * @param from the first
	 * @param to the last
	 */
	record SlotRange(int from, int to) {

		static SlotRange parse(String range) {
			String[] ends = range.split("-");
			return new SlotRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
		}

	}

}
