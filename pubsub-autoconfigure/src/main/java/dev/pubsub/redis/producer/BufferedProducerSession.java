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

	private final SessionOwner owner = new SessionOwner();

	private List<OutgoingEntry> entries;

	BufferedProducerSession(OutgoingEntries factory, SessionPublisher publisher) {
		this(factory, publisher, List.of());
	}

	BufferedProducerSession(OutgoingEntries factory, SessionPublisher publisher, List<OutgoingEntry> entries) {
		this.factory = factory;
		this.publisher = publisher;
		this.entries = new ArrayList<>(entries);
	}

	@Override
	public ProducerSession add(String stream, Object payload, PublishOptions options) {
		this.owner.enter();
		try {
			this.entries.add(this.factory.of(stream, payload, options));
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
			return forgetSent().size();
		}
		finally {
			this.owner.leave();
		}
	}

	@Override
	public void clear() {
		this.owner.enter();
		try {
			this.entries = new ArrayList<>();
		}
		finally {
			this.owner.leave();
		}
	}

	@Override
	public List<RecordId> commit() {
		this.owner.enter();
		return commitAndLeave();
	}

	@Override
	public CompletableFuture<List<RecordId>> commitAsync() {
		this.owner.enter();
		return commitAsyncAndLeave();
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
		return commitAndLeave();
	}

	CompletableFuture<List<RecordId>> commitAsyncForScope() {
		return this.owner.enterForScope().thenCompose((entered) -> {
			forgetDoubtful();
			return commitAsyncAndLeave();
		});
	}

	CompletableFuture<Integer> dropForScope() {
		return this.owner.enterForScope().thenApply((entered) -> dropAndLeave());
	}

	private int dropAndLeave() {
		try {
			int dropped = forgetSent().size();
			this.entries = new ArrayList<>();
			return dropped;
		}
		finally {
			this.owner.leave();
		}
	}

	private List<RecordId> commitAndLeave() {
		try {
			List<OutgoingEntry> committed = forgetSent();
			return committed.isEmpty() ? List.of() : finish(committed, this.publisher.publish(committed));
		}
		finally {
			this.owner.leave();
		}
	}

	private CompletableFuture<List<RecordId>> commitAsyncAndLeave() {
		List<OutgoingEntry> committed = forgetSent();
		if (committed.isEmpty()) {
			this.owner.leave();
			return CompletableFuture.completedFuture(List.of());
		}
		// The caller gets a copy: what it does to its future cannot keep this from
		// leaving.
		return CompletableFuture.completedFuture(committed)
			.thenCompose(this.publisher::publishAsync)
			.thenApply((results) -> finish(committed, results))
			.whenComplete((ids, failure) -> this.owner.leave())
			.copy();
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
	 * Leave out messages that another session, of those to be tried again, has sent.
	 */
	private List<OutgoingEntry> forgetSent() {
		this.entries.removeIf(OutgoingEntry::isSent);
		return this.entries;
	}

	private void forgetDoubtful() {
		int before = this.entries.size();
		this.entries.removeIf(OutgoingEntry::mayBeAddedTwice);
		int forgotten = before - this.entries.size();
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
			throw PublishFailure.of(results, new BufferedProducerSession(this.factory, this.publisher, rejected));
		}
		this.entries = new ArrayList<>();
		return ids;
	}

}
