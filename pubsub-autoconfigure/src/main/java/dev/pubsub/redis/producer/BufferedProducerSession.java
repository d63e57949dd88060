package dev.pubsub.redis.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Session that keeps its messages in memory.
 */
final class BufferedProducerSession implements ProducerSession {

	private static final Logger logger = LoggerFactory.getLogger(BufferedProducerSession.class);

	private final OutgoingEntries factory;

	private final SessionPublisher publisher;

	private final UncommittedSessions uncommitted;

	private final SessionOwner owner = new SessionOwner();

	private final SessionMessages messages;

	BufferedProducerSession(OutgoingEntries factory, SessionPublisher publisher, UncommittedSessions uncommitted) {
		this(factory, publisher, uncommitted, List.of());
	}

	BufferedProducerSession(OutgoingEntries factory, SessionPublisher publisher, UncommittedSessions uncommitted,
			List<OutgoingEntry> entries) {
		this.factory = factory;
		this.publisher = publisher;
		this.uncommitted = uncommitted;
		this.messages = new SessionMessages(uncommitted, entries);
	}

	@Override
	public ProducerSession add(String stream, Object payload, PublishOptions options) {
		this.owner.enter();
		try {
			this.messages.add(this, this.factory.of(stream, payload, options));
			return this;
		}
		finally {
			this.owner.leave();
		}
	}

	@Override
	public int size() {
		this.owner.enter();
		try {
			return this.messages.unsent().size();
		}
		finally {
			this.owner.leave();
		}
	}

	@Override
	public void clear() {
		this.owner.enter();
		try {
			this.messages.clear();
		}
		finally {
			this.owner.leave();
		}
	}

	@Override
	public List<RecordId> commit() {
		this.owner.enter();
		if (!this.messages.wasUsed()) {
			this.uncommitted.committedUnused(this.messages);
		}
		return commitAndLeave(true);
	}

	@Override
	public CompletableFuture<List<RecordId>> commitAsync() {
		this.owner.enter();
		return commitAsyncAndLeave(true);
	}

	/**
	 * Commit on the thread that ends the scope of this session, when a commit that is
	 * running is over. That is not for ever: it ends when Redis is silent. What an
	 * earlier commit may have sent is left out: to add it twice is for the application to
	 * decide.
	 */
	List<RecordId> commitForScope() {
		this.owner.enterForScope().join();
		forgetDoubtful();
		return commitAndLeave(false);
	}

	CompletableFuture<List<RecordId>> commitAsyncForScope() {
		return this.owner.enterForScope().thenCompose((entered) -> {
			forgetDoubtful();
			return commitAsyncAndLeave(false);
		});
	}

	/**
	 * Forget all messages at the end of the scope.
	 */
	CompletableFuture<Dropped> dropForScope() {
		return this.owner.enterForScope().thenApply((entered) -> dropAndLeave());
	}

	private Dropped dropAndLeave() {
		try {
			int left = this.messages.unsent().size();
			int untold = Math.min(left, this.messages.untold());
			Dropped dropped = new Dropped(untold, untold > 0 && this.messages.hasFailed());
			if (left > untold) {
				logger.debug("Dropped {} messages whose commit() failed with an exception", left - untold);
			}
			this.messages.clear();
			return dropped;
		}
		finally {
			this.owner.leave();
		}
	}

	/**
	 * Commit.
	 * @param tells whether the application hears of a failure
	 */
	private List<RecordId> commitAndLeave(boolean tells) {
		try {
			List<OutgoingEntry> committed = this.messages.unsent();
			return committed.isEmpty() ? List.of() : finish(committed, this.publisher.publish(committed));
		}
		catch (PublishException ex) {
			if (tells) {
				this.messages.tell();
			}
			throw ex;
		}
		finally {
			this.owner.leave();
		}
	}

	private CompletableFuture<List<RecordId>> commitAsyncAndLeave(boolean tells) {
		List<OutgoingEntry> committed = this.messages.unsent();
		if (committed.isEmpty()) {
			this.owner.leave();
			return CompletableFuture.completedFuture(List.of());
		}
		// The caller gets a future of its own: to complete it cannot keep this from
		// leaving.
		CompletableFuture<List<RecordId>> answer = new CompletableFuture<>();
		CompletableFuture.completedFuture(committed)
			.thenCompose(this.publisher::publishAsync)
			.thenApply((results) -> finish(committed, results))
			.whenComplete((ids, failure) -> {
				boolean heard = !answer.isDone() && answer.getNumberOfDependents() > 0;
				if (failure != null && tells && heard) {
					this.messages.tell();
				}
				this.owner.leave();
				if (failure != null) {
					answer.completeExceptionally(failure);
				}
				else {
					answer.complete(ids);
				}
			});
		return answer;
	}

	/**
	 * Let another thread have the session.
	 */
	void handOver() {
		this.owner.handOver();
	}

	/**
	 * Let any thread use the session, one at a time.
	 */
	void share() {
		this.owner.share();
	}

	/**
	 * Belong to a request or transaction.
	 */
	void enterScope() {
		this.messages.enterScope();
	}

	private void forgetDoubtful() {
		int forgotten = this.messages.forgetDoubtful();
		if (forgotten > 0) {
			logger.warn("Did not publish {} messages again that a commit() before may have published", forgotten);
		}
	}

	private List<RecordId> finish(List<OutgoingEntry> committed, List<PublishResult> results) {
		List<RecordId> ids = new ArrayList<>(results.size());
		List<OutgoingEntry> rejected = new ArrayList<>();
		for (int i = 0; i < results.size(); i++) {
			PublishResult result = results.get(i);
			RecordId id = result.id();
			if (id != null) {
				ids.add(id);
			}
			else if (result.status() == PublishResult.Status.REJECTED) {
				rejected.add(committed.get(i));
			}
			else {
				committed.get(i).doubt();
			}
		}
		if (ids.size() < results.size()) {
			this.messages.fail();
			throw PublishFailure.of(results,
					new BufferedProducerSession(this.factory, this.publisher, this.uncommitted, rejected));
		}
		this.messages.clear();
		return ids;
	}

	/**
	 * What was forgotten without the application knowing.
	 *
	 * @param messages how many messages
	 * @param failed whether there was a commit that failed
	 */
	record Dropped(int messages, boolean failed) {

	}

}
