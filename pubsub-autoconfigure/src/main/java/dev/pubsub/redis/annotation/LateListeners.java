package dev.pubsub.redis.annotation;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Looks at beans that are created after the others, since they are lazy: what is behind
 * the interface that their factory method returns is known only then. Thread-safe.
 */
final class LateListeners implements BeanPostProcessor {

	private static final Logger logger = LoggerFactory.getLogger(LateListeners.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final Declarations declarations;

	private final BiConsumer<List<Declaration>, Object> registrar;

	private final Set<Class<?>> withoutListeners = ConcurrentHashMap.newKeySet();

	/**
	 * Create a post-processor.
	 * @param beanFactory makes the beans
	 * @param declarations knows what was found before
	 * @param registrar takes what is found and the bean to call
	 */
	LateListeners(ConfigurableListableBeanFactory beanFactory, Declarations declarations,
			BiConsumer<List<Declaration>, Object> registrar) {
		this.beanFactory = beanFactory;
		this.declarations = declarations;
		this.registrar = registrar;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof ScopedObject || this.withoutListeners.contains(bean.getClass())) {
			return bean;
		}
		List<Declaration> found = this.declarations.find(beanName, bean);
		if (found.isEmpty()) {
			this.withoutListeners.add(bean.getClass());
			return bean;
		}
		for (Declaration declaration : found) {
			logger.info("Found listener {} when the bean was created", declaration.declaredBy());
		}
		this.registrar.accept(found,
				ScopedProxyUtils.isScopedTarget(beanName) ? this.beanFactory.getBean(found.get(0).beanName()) : bean);
		return bean;
	}

}
