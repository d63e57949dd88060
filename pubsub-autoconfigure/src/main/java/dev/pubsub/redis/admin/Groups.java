package dev.pubsub.redis.admin;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.pubsub.redis.internal.redis.OwnerGrant;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.Reply;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.util.Assert;

/**
 * Groups and their consumers.
 */
final class Groups {

	private static final int PAGE = 100;

	private final AdminLink link;

	private final Pendings pendings;

	Groups(AdminLink link, Pendings pendings) {
		this.link = link;
		this.pendings = pendings;
	}

	boolean create(String stream, String group, String after, boolean makeStream) {
		Object[] arguments = makeStream ? new Object[] { group, after, "MKSTREAM" } : new Object[] { group, after };
		try {
			this.link.call("create group " + group + " of " + stream,
					(commands) -> commands.sendSub("XGROUP", "CREATE", stream, arguments));
			return true;
		}
		catch (StreamAdminException ex) {
			Throwable cause = ex.getCause();
			if (cause != null && RedisFault.of(cause) == RedisFault.GROUP_EXISTS) {
				return false;
			}
			throw ex;
		}
	}

	boolean destroy(String stream, String group) {
		return this.link
			.call("destroy group " + group + " of " + stream,
					(commands) -> commands.sendSub("XGROUP", "DESTROY", stream, group))
			.number() > 0;
	}

	List<GroupInfo> list(String stream) {
		try {
			return this.link
				.call("list the groups of " + stream, (commands) -> commands.sendSub("XINFO", "GROUPS", stream))
				.list()
				.stream()
				.map(Groups::group)
				.toList();
		}
		catch (StreamAdminException ex) {
			if (Streams.isNoSuchKey(ex)) {
				return List.of();
			}
			throw ex;
		}
	}

	void setLastDelivered(String stream, String group, RecordId id) {
		this.link.call("move group " + group + " of " + stream,
				(commands) -> commands.sendSub("XGROUP", "SETID", stream, group, id.getValue()));
	}

	boolean createConsumer(String stream, String group, String consumer) {
		return this.link
			.call("create consumer " + consumer + " of " + stream,
					(commands) -> commands.sendSub("XGROUP", "CREATECONSUMER", stream, group, consumer))
			.number() > 0;
	}

	boolean deleteConsumer(String stream, String group, String consumer) {
		long deleted = this.link
			.call("delete consumer " + consumer + " of " + stream,
					(commands) -> commands.deleteIdleConsumer(stream, group, consumer))
			.number();
		if (deleted == 0 && hasConsumer(stream, group, consumer)) {
			throw new StreamAdminException("Cannot delete consumer %s of %s: messages are pending for it, name an heir"
				.formatted(consumer, stream), null);
		}
		return deleted > 0;
	}

	boolean deleteConsumer(String stream, String group, String consumer, String heir) {
		Assert.isTrue(!heir.equals(consumer),
				() -> "'heir' must be another consumer than the one to delete, was \"" + heir + "\"");
		List<PendingMessage> page;
		do {
			page = this.pendings.list(stream, group, PendingQuery.defaults().withConsumer(consumer).withCount(PAGE));
			RecordId[] ids = page.stream().map(PendingMessage::id).toArray(RecordId[]::new);
			if (ids.length > 0) {
				this.pendings.claimJustId(stream, group, heir, ClaimOptions.minIdle(Duration.ZERO), ids);
			}
		}
		while (page.size() == PAGE);
		return deleteConsumer(stream, group, consumer);
	}

	List<ConsumerInfo> consumers(String stream, String group) {
		return this.link
			.call("list the consumers of " + stream,
					(commands) -> commands.sendSub("XINFO", "CONSUMERS", stream, group))
			.list()
			.stream()
			.map((info) -> new ConsumerInfo(info.get("name").text(), info.get("pending").number(),
					Duration.ofMillis(info.get("idle").number())))
			.toList();
	}

	Optional<OwnerInfo> owner(String stream, String group) {
		OwnerGrant found = this.link.call("look up the owner of " + stream,
				(commands) -> commands.owner(stream, group));
		if (found.token() == 0 && found.standby() == 0) {
			return Optional.empty();
		}
		String owner = found.owner().isEmpty() ? null : found.owner();
		return Optional.of(new OwnerInfo(owner, found.token(), found.rest(), found.standby()));
	}

	private boolean hasConsumer(String stream, String group, String consumer) {
		return consumers(stream, group).stream().anyMatch((info) -> info.name().equals(consumer));
	}

	private static GroupInfo group(Reply info) {
		Reply lag = info.get("lag");
		@Nullable Long known = lag.isNull() ? null : lag.number();
		return new GroupInfo(info.get("name").text(), info.get("consumers").number(), info.get("pending").number(),
				RecordId.of(info.get("last-delivered-id").text()), known);
	}

}
