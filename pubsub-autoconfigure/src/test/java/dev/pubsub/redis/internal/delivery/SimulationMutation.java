package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.DeadLetterPlace;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.Ownership;
import dev.pubsub.redis.internal.redis.ReplyLimit;
import dev.pubsub.redis.internal.redis.StreamEntry;
import dev.pubsub.redis.internal.redis.TakenEntry;

/**
 * A defect to be found by the simulation: either a command that does something else than
 * it says, or a method of the engine that does nothing.
 */
enum SimulationMutation {

	RENEWS_NOTHING {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				public CompletableFuture<List<Ownership>> renew(List<EntryId> ids) {
					return lastId().thenApply((last) -> ids.stream().map((id) -> Ownership.OWNED).toList());
				}

			};
		}

	},

	DROPS_A_RENEWAL_NOW_AND_THEN {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				private int count;

				@Override
				public CompletableFuture<List<Ownership>> renew(List<EntryId> ids) {
					return (this.count++ % 4 != 0) ? super.renew(ids)
							: lastId().thenApply((last) -> ids.stream().map((id) -> Ownership.OWNED).toList());
				}

			};
		}

	},

	RENEWS_WITHOUT_ASKING_WHO_OWNS {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new Thief(server, consumer, wire, "RENEW");
		}

	},

	CLAIMS_WHAT_IS_NOT_IDLE {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				public CompletableFuture<List<TakenEntry>> claim(Duration minIdle, List<EntryId> ids,
						ReplyLimit limit) {
					return super.claim(Duration.ZERO, ids, limit);
				}

			};
		}

	},

	CLAIMS_WITHOUT_COUNTING {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				int counted() {
					return 0;
				}

			};
		}

	},

	TAKES_BACK_WITH_COUNTING {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				public CompletableFuture<List<TakenEntry>> take(List<EntryId> ids, ReplyLimit limit) {
					return claim(Duration.ZERO, ids, limit);
				}

			};
		}

	},

	ACKNOWLEDGES_BEFORE_SUCCESS {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				public CompletableFuture<List<StreamEntry>> read(int count, Duration block, boolean acknowledged,
						long mostBytes) {
					return super.read(count, block, acknowledged, mostBytes).whenComplete((entries, failure) -> {
						if (entries != null) {
							acknowledge(entries.stream().map(StreamEntry::id).toList());
						}
					});
				}

			};
		}

	},

	FORGETS_A_REFUSED_ACKNOWLEDGEMENT {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				public CompletableFuture<Long> acknowledge(List<EntryId> ids) {
					return super.acknowledge(ids).exceptionally((failure) -> (long) ids.size());
				}

			};
		}

	},

	COPIES_A_DEAD_LETTER_WITHOUT_ACKNOWLEDGING {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				boolean endsWithItsLetter() {
					return false;
				}

			};
		}

	},

	FORGETS_A_REFUSED_DEAD_LETTER {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				public CompletableFuture<Boolean> deadLetter(EntryId id, DeadLetterPlace place, EntryFields fields,
						boolean deleted) {
					return acknowledge(List.of(id)).thenApply((count) -> true);
				}

			};
		}

	},

	REAPS_CONSUMERS_THAT_OWN_SOMETHING {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				boolean isReaped(long owned) {
					return true;
				}

			};
		}

	},

	BACKS_OFF_WITHOUT_ASKING_WHO_OWNS {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new Thief(server, consumer, wire, "BACKOFF");
		}

	},

	FORGETS_TO_DELETE {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				public CompletableFuture<Long> acknowledgeAndDelete(List<EntryId> ids) {
					return acknowledge(ids);
				}

			};
		}

	},

	DELETES_BEFORE_SUCCESS {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				public CompletableFuture<Ownership> backoff(EntryId id, Duration idle, Duration wait) {
					delete(List.of(id));
					return super.backoff(id, idle, wait);
				}

			};
		}

	},

	KEEPS_PENDING_WHAT_MAY_BE_LOST {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				public CompletableFuture<List<StreamEntry>> read(int count, Duration block, boolean acknowledged,
						long mostBytes) {
					return super.read(count, block, false, mostBytes);
				}

			};
		}

	},

	READS_WITHOUT_LOOKING_AT_THE_TOKEN {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				boolean isFenced() {
					return false;
				}

			};
		}

	},

	TAKES_THE_TIME_FOR_A_TOKEN {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			server.ownership.tokensAreTimes = true;
			return super.client(server, consumer, wire);
		}

	},

	WAITS_IN_READS_OF_AN_OWNER {

		@Override
		FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
			return new FakeGroupClient(server, consumer, wire) {

				@Override
				boolean blocks() {
					return true;
				}

			};
		}

	},

	IGNORES_LANES("internal.delivery.Lanes#enter", "true"),

	FORGETS_KEYS_OF_THE_OWNER_BEFORE("internal.delivery.LaneOrder#expect", "none"),

	LOSES_A_WAKE("internal.concurrent.Loop#wake", "sometimes"),

	FORGETS_WHAT_IT_LEFT("internal.delivery.InFlightMessages#leave", "none"),

	STARTS_WITHOUT_A_LEASE("internal.delivery.InFlightMessage#hasLease", "true"),

	NEVER_CLAIMS("internal.delivery.ClaimScheduler#trigger", "none"),

	NEVER_FLUSHES("internal.delivery.AckBatcher#flush", "none"),

	GIVES_UP_BEFORE_THE_LAST_ATTEMPT("internal.delivery.UsedUpEntries#include", "true"),

	FORGETS_WHAT_IT_HAS("internal.delivery.InFlightMessages#knows", "false"),

	FORGETS_DEADLINES("internal.delivery.DeadlineWatch#sweep", "none"),

	GIVES_NO_MORE_TIME("internal.delivery.HandlerRun#setDeadline", "none"),

	FORGETS_DECISIONS("internal.delivery.Settlements#decided", "none"),

	FORGETS_THAT_THE_GROUP_MAY_BE_LOST("internal.delivery.GroupGuard#suspectLoss", "none"),

	NEVER_ENDS_A_REDELIVERY("internal.delivery.Slots$Slot#end", "none");

	private final Map<String, String> changes;

	SimulationMutation() {
		this.changes = Map.of();
	}

	SimulationMutation(String method, String change) {
		this.changes = Map.of("dev.pubsub.redis." + method, change);
	}

	/**
	 * Return what to break in the engine, for the loader.
	 */
	Map<String, String> changes() {
		return this.changes;
	}

	FakeGroupClient client(FakeGroup server, String consumer, FakeGroupClient.Wire wire) {
		return new FakeGroupClient(server, consumer, wire);
	}

	static List<String> names() {
		return Arrays.stream(values()).map(Enum::name).collect(Collectors.toList());
	}

	/**
	 * Does without asking whether the consumer owns an entry.
	 */
	private static final class Thief extends FakeGroupClient {

		private final String command;

		Thief(FakeGroup server, String consumer, Wire wire, String command) {
			super(server, consumer, wire);
			this.command = command;
		}

		@Override
		boolean asksWhoOwns(String command) {
			return !command.equals(this.command);
		}

	}

}
