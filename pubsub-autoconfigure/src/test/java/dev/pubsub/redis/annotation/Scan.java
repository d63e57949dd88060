package dev.pubsub.redis.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import dev.pubsub.redis.codec.JacksonPayloadCodec;
import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronJobStatus;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.listener.Subscription;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.env.MapPropertySource;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Finds the listeners of some beans, without Redis and without Boot.
 */
final class Scan {

	static final SubscriptionDefaults DEFAULTS = SubscriptionDefaults.of("billing");

	private final RecordingRegistry registry = new RecordingRegistry();

	private final List<CronJob> jobs = new ArrayList<>();

	private Scan() {
	}

	static Scan of(Class<?>... beans) {
		return with(DEFAULTS, Map.of(), beans);
	}

	static Scan with(SubscriptionDefaults defaults, Map<String, Object> properties, Class<?>... beans) {
		return run(defaults, properties, (context) -> {
			context.register(beans);
			return context;
		});
	}

	static Scan run(SubscriptionDefaults defaults, Map<String, Object> properties,
			UnaryOperator<AnnotationConfigApplicationContext> configurer) {
		Scan scan = new Scan();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
				CronScheduler scheduler = CronScheduler.create(new LettuceConnectionFactory())) {
			context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
			context.registerBean(PropertySourcesPlaceholderConfigurer.class);
			configurer.apply(context).refresh();
			new StreamSubscribeProcessor(context.getBeanFactory(), scan.registry, JacksonPayloadCodec.create(),
					(stream) -> defaults, scheduler::schedule)
				.afterSingletonsInstantiated();
			scheduler.getJobs().stream().map(CronJobStatus::job).forEach(scan.jobs::add);
		}
		return scan;
	}

	Subscription only() {
		return this.registry.only();
	}

	List<Subscription> subscriptions() {
		return this.registry.subscriptions();
	}

	List<String> locations() {
		return this.registry.locations();
	}

	List<CronJob> jobs() {
		return this.jobs;
	}

}
