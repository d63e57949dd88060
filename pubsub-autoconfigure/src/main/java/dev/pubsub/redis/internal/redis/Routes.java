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

	private final ServerNode[] owners;

	private final Set<ServerNode> nodes;

	private Routes(ServerNode[] owners) {
		this.owners = owners;
		this.nodes = Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(owners)));
	}

	static Routes to(ServerNode only) {
		return new Routes(new ServerNode[] { only });
	}

	/**
	 * Return routes. A slot without an owner counts as served by any: that server will
	 * tell what is wrong.
	 * @param owners an owner for each slot, or one for all
	 * @return the routes; {@code null} when nothing has an owner
	 */
	static @Nullable Routes of(@Nullable ServerNode[] owners) {
		ServerNode any = Arrays.stream(owners).filter(Objects::nonNull).findFirst().orElse(null);
		if (any == null) {
			return null;
		}
		return new Routes(
				Arrays.stream(owners).map((owner) -> (owner != null) ? owner : any).toArray(ServerNode[]::new));
	}

	/**
	 * Return the server that serves all keys, {@code null} when it depends on the slot.
	 */
	@Nullable ServerNode only() {
		return (this.owners.length == 1) ? this.owners[0] : null;
	}

	ServerNode serving(int slot) {
		return this.owners[(this.owners.length == 1) ? 0 : slot];
	}

	/**
	 * Return all servers that serve a slot.
	 */
	Set<ServerNode> nodes() {
		return this.nodes;
	}

	boolean isSameAs(@Nullable Routes other) {
		return other != null && Arrays.equals(this.owners, other.owners);
	}

}
