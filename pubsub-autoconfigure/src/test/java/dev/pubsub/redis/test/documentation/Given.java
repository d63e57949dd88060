package dev.pubsub.redis.test.documentation;

import java.util.List;
import java.util.Map;

import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.RedisStreamProducer;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Beans, variables and types of an imaginary application that the documentation takes for
 * granted. A block that is no whole class is compiled as a part of a subclass.
 */
@SuppressWarnings("NullAway.Init")
public abstract class Given {

	protected RedisStreamProducer producer;

	protected ProducerSession session;

	protected StreamAdmin admin;

	protected CronScheduler scheduler;

	protected StreamListenerContainerRegistry registry;

	protected CronJob job;

	protected Bank bank;

	protected Pager pager;

	protected Store store;

	protected Order order;

	protected List<Order> orders;

	/** Payload of examples. */
	public record Order(String id, String item, int quantity) {
	}

	/** Payload of examples. */
	public record OrderPlaced(String customer, int quantity) {
	}

	/** Payload of examples. */
	public record Payment(String account, long cents) {
	}

	/** Payload of examples. */
	public record Click(String url) {
	}

	/** Collaborator of examples. */
	public interface Bank {

		void transfer(Payment payment);

	}

	/** Collaborator of examples. */
	public interface Pager {

		void alert(RecordId id, @Nullable Throwable reason);

	}

	/** Collaborator of examples. */
	public interface Store {

		Map<RecordId, Throwable> saveAll(List<StreamMessage<Click>> clicks);

	}

}
