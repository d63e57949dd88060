package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;

/**
 * What each server last said, and what follows from all of it. The claim with the highest
 * epoch wins, so that it does not matter how many have not heard of a change yet. A
 * server takes back what it said by saying something else, or by its silence while others
 * answer. Not thread-safe.
 */
final class ServerViews {

	/**
	 * How long the word of a silent server counts.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(10);

	/**
	 * Enough to find one that knows, and not so many that clients are a burden to a large
	 * cluster that is in trouble. All have their turn.
	 */
	private static final int MOST_AT_ONCE = 5;

	private final LongSupplier clock;

	private final Map<RedisURI, Source> sources = new HashMap<>();

	private final Map<Integer, Hint> hints = new HashMap<>();

	private @Nullable Claim[] claims = new Claim[0];

	private @Nullable Routes routes;

	private long turn;

	/**
	 * Create views that know nothing.
	 * @param clock the time in nanoseconds
	 */
	ServerViews(LongSupplier clock) {
		this.clock = clock;
	}

	@Nullable Routes routes() {
		return this.routes;
	}

	/**
	 * Return who is to be asked next: those who said something in passing, and those
	 * whose last turn was the longest ago.
	 * @param configured can always be asked
	 * @return a few addresses, none of which has an open question
	 */
	List<RedisURI> next(Collection<RedisURI> configured) {
		List<RedisURI> candidates = new ArrayList<>(members());
		configured.stream().filter((address) -> !candidates.contains(address)).forEach(candidates::add);
		this.sources.keySet().retainAll(candidates);
		List<RedisURI> hinting = this.hints.values().stream().map(Hint::source).toList();
		Collections.shuffle(candidates);
		return candidates.stream()
			.map((address) -> this.sources.computeIfAbsent(address, Source::new))
			.filter((source) -> !source.isOpen())
			.sorted(Comparator.comparing((Source source) -> !hinting.contains(source.address()))
				.thenComparing(Source::askedTurn))
			.map(Source::address)
			.limit(MOST_AT_ONCE)
			.toList();
	}

	/**
	 * Return the servers that others know of.
	 */
	private Set<RedisURI> members() {
		Set<RedisURI> members = new LinkedHashSet<>();
		counting().forEach((source) -> views(source).forEach((view) -> view.members()
			.stream()
			.filter((member) -> !member.equals(source.address()))
			.forEach(members::add)));
		return members;
	}

	void asked(RedisURI address) {
		this.sources.computeIfAbsent(address, Source::new).asked(this.turn++, this.clock.getAsLong());
	}

	void said(RedisURI address, ServerView view) {
		Source source = this.sources.get(address);
		if (source != null) {
			source.said(shared(view));
			update();
		}
	}

	void failed(RedisURI address, Throwable failure) {
		Source source = this.sources.get(address);
		if (source != null) {
			source.failed(failure);
			update();
		}
	}

	/**
	 * A server said in passing that another one has taken over. It counts where it is
	 * about the server that is used for the slot: it may be old news.
	 * @param source who said it
	 * @param slot the slot
	 * @param former the server that served it
	 * @param node the server that serves it now
	 */
	void hinted(RedisURI source, int slot, ServerNode former, ServerNode node) {
		if (this.routes == null || this.routes.serving(slot) != former) {
			return;
		}
		Claim claim = (slot < this.claims.length) ? this.claims[slot] : null;
		this.hints.put(slot,
				new Hint(source, node, (claim != null) ? claim.epoch() : -1, this.turn++, this.clock.getAsLong()));
		update();
	}

	/**
	 * Return what went wrong with those who have not answered since.
	 */
	Stream<Throwable> failures() {
		return this.sources.values().stream().map(Source::failure).filter(Objects::nonNull);
	}

	/**
	 * Most say the same, which is then kept once.
	 */
	private ServerView shared(ServerView view) {
		return this.sources.values()
			.stream()
			.flatMap(ServerViews::views)
			.filter((other) -> Arrays.equals(other.claims(), view.claims()))
			.findFirst()
			.map((other) -> new ServerView(other.claims(), view.members()))
			.orElse(view);
	}

	private static Stream<ServerView> views(Source source) {
		return Stream.ofNullable(source.view());
	}

	/**
	 * Return those whose word counts.
	 */
	private Stream<Source> counting() {
		long now = this.clock.getAsLong();
		long lastWord = this.sources.values().stream().mapToLong(Source::viewTurn).max().orElse(-1);
		return this.sources.values()
			.stream()
			.filter((source) -> source.view() != null)
			.filter((source) -> !source.isSilentFor(PATIENCE, now) || source.silentTurn() > lastWord);
	}

	private void update() {
		Testimony[] testimonies = testimonies();
		int slots = Math.max(1, (testimonies.length > 0) ? testimonies[0].claims.length : this.claims.length);
		@Nullable Claim[] best = new Claim[slots];
		@Nullable ServerNode[] owners = new ServerNode[slots];
		for (int slot = 0; slot < slots; slot++) {
			ServerNode present = (this.routes != null) ? this.routes.serving(slot) : null;
			best[slot] = best(testimonies, slot, present);
			owners[slot] = owner(slot, best[slot]);
		}
		this.claims = best;
		Routes after = Routes.of(owners);
		if (after != null && !after.isSameAs(this.routes)) {
			this.routes = after;
		}
	}

	private Testimony[] testimonies() {
		long now = this.clock.getAsLong();
		IdentityHashMap<@Nullable Claim[], Testimony> testimonies = new IdentityHashMap<>();
		counting().forEach(
				(source) -> views(source).forEach((view) -> testimonies.computeIfAbsent(view.claims(), Testimony::new)
					.add(source.isHeard(now), source.viewTurn())));
		return testimonies.values().toArray(Testimony[]::new);
	}

	private static @Nullable Claim best(Testimony[] testimonies, int slot, @Nullable ServerNode present) {
		Claim best = null;
		Testimony of = null;
		for (Testimony testimony : testimonies) {
			Claim claim = testimony.claims[slot];
			if (claim != null && (best == null || of == null || outranks(claim, testimony, best, of, present))) {
				best = claim;
				of = testimony;
			}
		}
		return best;
	}

	/**
	 * One server has two addresses in one epoch when it came back elsewhere, or when some
	 * call it by another name: then what is used stays, as long as it answers.
	 */
	private static boolean outranks(Claim claim, Testimony testimony, Claim best, Testimony of,
			@Nullable ServerNode present) {
		if (claim.epoch() != best.epoch()) {
			return claim.epoch() > best.epoch();
		}
		if (testimony.heard != of.heard) {
			return testimony.heard;
		}
		if (claim.node() == present || best.node() == present) {
			return claim.node() == present;
		}
		return testimony.turn > of.turn;
	}

	private @Nullable ServerNode owner(int slot, @Nullable Claim best) {
		Hint hint = this.hints.get(slot);
		if (hint != null && isOver(hint, best)) {
			this.hints.remove(slot);
			hint = null;
		}
		if (hint != null) {
			return hint.node();
		}
		return (best != null) ? best.node() : null;
	}

	/**
	 * A hint is worth no more when its server says the same or something else in full,
	 * and when there is a later claim.
	 */
	private boolean isOver(Hint hint, @Nullable Claim best) {
		Source source = this.sources.get(hint.source());
		return (source != null && source.viewTurn() > hint.turn())
				|| (best != null && (best.epoch() > hint.epoch() || best.node() == hint.node()))
				|| this.clock.getAsLong() - hint.time() > PATIENCE.toNanos();
	}

	/**
	 * What some servers say with one voice.
	 */
	private static final class Testimony {

		private final @Nullable Claim[] claims;

		private boolean heard;

		private long turn;

		Testimony(@Nullable Claim[] claims) {
			this.claims = claims;
		}

		void add(boolean isHeard, long viewTurn) {
			this.heard |= isHeard;
			this.turn = Math.max(this.turn, viewTurn);
		}

	}

}
