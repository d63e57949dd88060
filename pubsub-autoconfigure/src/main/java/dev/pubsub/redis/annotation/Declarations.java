package dev.pubsub.redis.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotationCollectors;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.annotation.RepeatableContainers;

/**
 * Finds {@link StreamSubscribe} on the beans of a factory. Beans without it are not
 * created for the search.
 */
final class Declarations {

	private static final RepeatableContainers REPEATED = RepeatableContainers.explicitRepeatable(StreamSubscribe.class,
			StreamSubscribes.class);

	/** Those of Spring Web, which need not be there. */
	private static final Set<String> WEB_SCOPES = Set.of("request", "session", "websocket");

	private static final int TARGET_PREFIX = ScopedProxyUtils.getTargetBeanName("").length();

	private final ConfigurableListableBeanFactory beanFactory;

	private final Set<String> declaring = ConcurrentHashMap.newKeySet();

	Declarations(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	List<Declaration> find() {
		List<Declaration> found = new ArrayList<>();
		for (String beanName : this.beanFactory.getBeanNamesForType(Object.class)) {
			if (!ScopedProxyUtils.isScopedTarget(beanName)) {
				collectIfCandidate(beanName, typeOf(beanName), found);
				if (this.beanFactory.isFactoryBean(beanName)) {
					String factory = BeanFactory.FACTORY_BEAN_PREFIX + beanName;
					collectIfCandidate(factory, this.beanFactory.getType(factory), found);
				}
			}
		}
		return found;
	}

	private void collectIfCandidate(String beanName, @Nullable Class<?> type, List<Declaration> found) {
		if (type != null && isCandidate(type)) {
			collect(beanName, type, found);
		}
	}

	/**
	 * Find those of a bean that was created later, unless it was found before. What such
	 * a bean is may not have been known: its factory method may return an interface.
	 * @param beanName name of the bean, or of the target of a scoped proxy
	 * @param bean the bean
	 * @return the declarations
	 */
	List<Declaration> find(String beanName, Object bean) {
		Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
		String name = ScopedProxyUtils.isScopedTarget(beanName) ? beanName.substring(TARGET_PREFIX) : beanName;
		if (!isCandidate(type) || this.declaring.contains(name) || !this.beanFactory.containsLocalBean(name)) {
			return List.of();
		}
		List<Declaration> found = new ArrayList<>();
		collect(name, type, found);
		return found;
	}

	/**
	 * Return whether to look at the methods of a class. Most beans are Spring's own.
	 */
	private static boolean isCandidate(Class<?> type) {
		return !type.getName().startsWith("org.springframework.")
				&& AnnotationUtils.isCandidateClass(type, StreamSubscribe.class);
	}

	private void collect(String beanName, Class<?> type, List<Declaration> found) {
		Map<Method, Set<StreamSubscribe>> methods = MethodIntrospector.selectMethods(type, Declarations::annotations);
		methods.forEach((method, annotations) -> annotations.forEach((annotation) -> {
			Declaration declaration = new Declaration(beanName, type, method, annotation);
			refuseFactoryMethod(declaration);
			if (!this.beanFactory.isSingleton(beanName)) {
				throw declaration
					.invalid("its bean \"%s\" is not a singleton, so nobody can say which instance is meant"
						.formatted(beanName), "Move the method to a bean with the default scope.");
			}
			String scope = scope(beanName);
			if (WEB_SCOPES.contains(scope)) {
				throw declaration.invalid(
						"its bean \"%s\" has scope \"%s\", which no message is in".formatted(beanName, scope),
						"Move the method to a bean with the default scope.");
			}
			found.add(declaration);
			this.declaring.add(beanName);
		}));
	}

	/**
	 * A factory method of beans would be called with each message, and make another bean
	 * of it.
	 */
	private static void refuseFactoryMethod(Declaration declaration) {
		if (AnnotatedElementUtils.hasAnnotation(declaration.method(), Bean.class)) {
			throw declaration.invalid("it is a @Bean method, which makes a bean and handles no message",
					"Move @StreamSubscribe to the method that handles the message, in the class of the bean: for a "
							+ "Consumer or another functional bean write a class with such a method.");
		}
	}

	/**
	 * Return the scope of a bean, or of what a scoped proxy stands for.
	 */
	private String scope(String beanName) {
		String target = ScopedProxyUtils.getTargetBeanName(beanName);
		String scope = this.beanFactory.containsBeanDefinition(target)
				? this.beanFactory.getMergedBeanDefinition(target).getScope() : null;
		return (scope != null) ? scope : ConfigurableBeanFactory.SCOPE_SINGLETON;
	}

	private @Nullable Class<?> typeOf(String beanName) {
		Class<?> type = AutoProxyUtils.determineTargetClass(this.beanFactory, beanName);
		if (type != null && ScopedObject.class.isAssignableFrom(type)) {
			Class<?> target = AutoProxyUtils.determineTargetClass(this.beanFactory,
					ScopedProxyUtils.getTargetBeanName(beanName));
			return (target != null) ? target : type;
		}
		if (type != null && Proxy.isProxyClass(type) && this.beanFactory.containsSingleton(beanName)) {
			return AopUtils.getTargetClass(this.beanFactory.getBean(beanName));
		}
		return type;
	}

	/**
	 * Return the annotations of a method, else those of the nearest method that it
	 * overrides: an override with annotations of its own replaces them.
	 */
	private static @Nullable Set<StreamSubscribe> annotations(Method method) {
		List<MergedAnnotation<StreamSubscribe>> found = MergedAnnotations
			.from(method, SearchStrategy.TYPE_HIERARCHY, REPEATED)
			.stream(StreamSubscribe.class)
			.toList();
		int nearest = found.stream().mapToInt(MergedAnnotation::getAggregateIndex).min().orElse(0);
		Set<StreamSubscribe> annotations = found.stream()
			.filter((annotation) -> annotation.getAggregateIndex() == nearest)
			.collect(MergedAnnotationCollectors.toAnnotationSet());
		return annotations.isEmpty() ? null : annotations;
	}

}
