package dev.pubsub.redis.annotation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

import dev.pubsub.redis.codec.PayloadCodec;
import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.listener.StreamHandlerDecorator;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.listener.Subscription;

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

	private final Set<String> namedErrorHandlers = ConcurrentHashMap.newKeySet();

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

	/**
	 * Register what the beans declare. Beans that are created later are looked at when
	 * they are.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		Declarations declarations = new Declarations(this.beanFactory);
		register(declarations.find(), (declaration) -> this.beanFactory.getBean(declaration.beanName()));
		this.beanFactory.addBeanPostProcessor(new LateListeners(this.beanFactory, declarations,
				(found, bean) -> register(found, (declaration) -> bean)));
	}

	/**
	 * Return the names of error handlers that single subscriptions name.
	 */
	Set<String> namedErrorHandlers() {
		return this.namedErrorHandlers;
	}

	private void register(List<Declaration> declarations, Function<Declaration, Object> bean) {
		if (declarations.isEmpty()) {
			return;
		}
		MethodHandlers handlers = handlers();
		Ancestors ancestors = new Ancestors(this.beanFactory);
		this.namedErrorHandlers.addAll(namedErrorHandlers(declarations));
		Set<String> named = new HashSet<>(this.namedErrorHandlers);
		named.addAll(ancestors.namedErrorHandlers());
		ErrorHandlers errorHandlers = new ErrorHandlers(this.beanFactory, named);
		for (Declaration declaration : declarations) {
			MethodHandler handler = handlers.create(declaration, bean.apply(declaration));
			Subscription subscription = this.subscriptions.create(declaration, handler,
					errorHandlers.get(declaration, this.subscriptions.errorHandlerName(declaration)));
			ancestors.refuseDuplicate(subscription, declaration);
			this.registry.register(subscription, declaration.declaredBy());
			schedule(declaration, handler);
		}
	}

	private void schedule(Declaration declaration, MethodHandler handler) {
		String stream = this.subscriptions.stream(declaration);
		CronJob job = CronAttributes.read(declaration, this.subscriptions.attributes(declaration), stream,
				this.subscriptions.defaults(stream).cronZone());
		if (job != null) {
			FireRehearsal.of(job).refuseUnreadable(declaration, handler);
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
