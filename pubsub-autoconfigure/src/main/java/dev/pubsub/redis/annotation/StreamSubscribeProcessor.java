package dev.pubsub.redis.annotation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

import dev.pubsub.redis.codec.PayloadCodec;
import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.listener.StreamHandlerDecorator;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.validation.Validator;

/**
 * Registers a container for each {@link StreamSubscribe} on a bean, once all singletons
 * exist. Beans of type {@link StreamHandlerDecorator},
 * {@link dev.pubsub.redis.listener.StreamErrorHandler StreamErrorHandler} and
 * {@link Validator} are used if there are any.
 *
 * @since 0.1.0
 */
public final class StreamSubscribeProcessor implements SmartInitializingSingleton {

	private final ConfigurableListableBeanFactory beanFactory;

	private final StreamListenerContainerRegistry registry;

	private final PayloadCodec codec;

	private final SubscriptionFactory subscriptions;

	private final BiConsumer<CronJob, String> scheduler;

	/**
	 * Create a processor.
	 * @param beanFactory where to look for listeners
	 * @param registry where to register their containers
	 * @param codec reads the payloads
	 * @param defaults what an annotation leaves out, by stream
	 * @param scheduler takes each cron job and where it was declared; refuses one that
	 * cannot be, and ignores one that it has
	 */
	public StreamSubscribeProcessor(ConfigurableListableBeanFactory beanFactory,
			StreamListenerContainerRegistry registry, PayloadCodec codec,
			Function<String, SubscriptionDefaults> defaults, BiConsumer<CronJob, String> scheduler) {
		this.beanFactory = beanFactory;
		this.registry = registry;
		this.codec = codec;
		this.subscriptions = new SubscriptionFactory(defaults, new EmbeddedValueResolver(beanFactory));
		this.scheduler = scheduler;
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<Declaration> declarations = new Declarations(this.beanFactory).find();
		if (declarations.isEmpty()) {
			return;
		}
		MethodHandlers handlers = handlers();
		ErrorHandlers errorHandlers = new ErrorHandlers(this.beanFactory, namedErrorHandlers(declarations));
		for (Declaration declaration : declarations) {
			MethodHandler handler = handlers.create(declaration, this.beanFactory.getBean(declaration.beanName()));
			this.registry.register(
					this.subscriptions.create(declaration, handler,
							errorHandlers.get(declaration, this.subscriptions.errorHandlerName(declaration))),
					declaration.declaredBy());
			schedule(declaration);
		}
	}

	private void schedule(Declaration declaration) {
		String stream = this.subscriptions.stream(declaration);
		CronJob job = CronAttributes.read(declaration, this.subscriptions.attributes(declaration), stream,
				this.subscriptions.defaults(stream).cronZone());
		if (job != null) {
			this.scheduler.accept(job, declaration.declaredBy());
		}
	}

	private MethodHandlers handlers() {
		Validator validator = this.beanFactory.getBeanProvider(Validator.class).getIfUnique();
		List<StreamHandlerDecorator> decorators = this.beanFactory.getBeanProvider(StreamHandlerDecorator.class)
			.orderedStream()
			.toList();
		return new MethodHandlers(new Arguments(this.codec, validator, this.beanFactory), decorators);
	}

	private Set<String> namedErrorHandlers(List<Declaration> declarations) {
		Set<String> names = new HashSet<>();
		for (Declaration declaration : declarations) {
			String name = this.subscriptions.errorHandlerName(declaration);
			if (name != null) {
				names.add(name);
			}
		}
		return names;
	}

}
