package dev.pubsub.redis.internal.redis;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Which server serves which slot: one server all of them, or each slot its own.
 * Immutable.
 */
final class Routes {

	private final Owner[] owners;

	private final Set<ServerNode> nodes;

	private Routes(Owner[] owners) {
		this.owners = owners;
		this.nodes = nodes(owners);
	}

	static Routes to(ServerNode only) {
		return new Routes(new Owner[] { new Owner(only, 0) });
	}

	/**
	 * Return routes by what a server says. A slot without an owner counts as served by
	 * any: that server will tell what is wrong.
	 * @param view an owner for each slot, or one for all
	 * @return the routes; {@code null} when nothing has an owner
	 */
	static @Nullable Routes of(@Nullable Owner[] view) {
		Owner any = Arrays.stream(view).filter(Objects::nonNull).findFirst().orElse(null);
		if (any == null) {
			return null;
		}
		Owner guess = new Owner(any.node(), -1);
		return new Routes(Arrays.stream(view).map((owner) -> (owner != null) ? owner : guess).toArray(Owner[]::new));
	}

	/**
	 * Return the server that serves all keys, {@code null} when it depends on the slot.
	 */
	@Nullable ServerNode only() {
		return (this.owners.length == 1) ? this.owners[0].node() : null;
	}

	ServerNode serving(int slot) {
		return owner(slot).node();
	}

	Owner owner(int slot) {
		return this.owners[(this.owners.length == 1) ? 0 : slot];
	}

	/**
	 * Return all servers that serve a slot.
	 */
	Set<ServerNode> nodes() {
		return this.nodes;
	}

	private static Set<ServerNode> nodes(Owner[] owners) {
		Set<ServerNode> nodes = new LinkedHashSet<>();
		ServerNode last = null;
		for (Owner owner : owners) {
			if (owner.node() != last) {
				last = owner.node();
				nodes.add(last);
			}
		}
		return Collections.unmodifiableSet(nodes);
	}

	/**
	 * Take over what a server says where it knows of a later change.
	 * @param view an owner for each slot, or one for all
	 * @return the routes, this object when nothing is new
	 */
	Routes merge(@Nullable Owner[] view) {
		return replace(view, false);
	}

	/**
	 * Take over all that the servers say, be it earlier than what was known.
	 * @param all routes by what all servers say
	 * @return the routes, this object when nothing is new
	 */
	Routes adopt(Routes all) {
		return replace(all.owners, true);
	}

	/**
	 * Return routes with another server for one slot: its former server said so.
	 */
	Routes moved(int slot, ServerNode node) {
		Owner before = owner(slot);
		if (before.node() == node) {
			return this;
		}
		@Nullable Owner[] view = new Owner[this.owners.length];
		view[(view.length == 1) ? 0 : slot] = new Owner(node, Math.max(0, before.epoch()));
		return replace(view, true);
	}

	private Routes replace(@Nullable Owner[] view, boolean earlierToo) {
		Owner[] merged = this.owners;
		for (int i = 0; i < view.length && view.length == merged.length; i++) {
			Owner claim = view[i];
			Owner known = merged[i];
			if (claim != null && claim.epoch() >= 0 && !claim.equals(known)
					&& (earlierToo || claim.isLaterThan(known))) {
				merged = (merged != this.owners) ? merged : merged.clone();
				merged[i] = claim;
			}
		}
		return (merged != this.owners) ? new Routes(merged) : this;
	}

	/**
	 * Who serves a slot.
	 *
	 * @param node the server
	 * @param epoch grows with every change of owners
	 */
	record Owner(ServerNode node, long epoch) {

		boolean isLaterThan(Owner other) {
			return this.epoch > other.epoch || (this.node == other.node && this.epoch != other.epoch);
		}

	}

}
