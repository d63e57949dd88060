package dev.pubsub.redis.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.util.ClassUtils;

/**
 * Finds the method to call on a bean that may be a proxy. A class proxy has the fields of
 * the bean's class too, all of them empty: what it does not override would run on it
 * instead of the bean, and so is refused.
 */
final class InvocableMethod {

	private InvocableMethod() {
	}

	/**
	 * Return the method to call.
	 * @param declaration where it is declared
	 * @param bean the bean, maybe a proxy
	 * @return the declared method, or that of the interface which the proxy implements
	 */
	static Method of(Declaration declaration, Object bean) {
		String obstacle = AopUtils.isCglibProxy(bean) ? obstacle(declaration.method(), bean.getClass()) : null;
		if (obstacle != null) {
			throw declaration.invalid(
					"it is %s, and its bean \"%s\" is behind a class proxy (of @Transactional, @Validated, a scope or "
						.formatted(obstacle, declaration.beanName())
							+ "another aspect), which cannot pass it on to the bean",
					"Make the method non-final, non-static, and package-private in the class of the bean itself, "
							+ "protected or public; or move it to a bean without a proxy.");
		}
		try {
			return AopUtils.selectInvocableMethod(declaration.method(), bean.getClass());
		}
		catch (IllegalStateException ex) {
			throw declaration.invalid("its bean is behind a proxy that does not have the method",
					"Make the method package-private or public, and declare it in the interface that is proxied "
							+ "or use class proxies.",
					ex);
		}
	}

	/**
	 * Return what keeps a subclass from overriding a method.
	 */
	private static @Nullable String obstacle(Method method, Class<?> proxy) {
		int modifiers = method.getModifiers();
		if (Modifier.isPrivate(modifiers)) {
			return "private";
		}
		if (Modifier.isStatic(modifiers)) {
			return "static";
		}
		if (Modifier.isFinal(modifiers)) {
			return "final";
		}
		boolean packagePrivate = !Modifier.isPublic(modifiers) && !Modifier.isProtected(modifiers);
		Class<?> declaring = method.getDeclaringClass();
		return (packagePrivate && !isSamePackage(declaring, proxy))
				? "package-private in " + ClassUtils.getShortName(declaring) : null;
	}

	/**
	 * To the JVM packages of the same name are different ones when their class loaders
	 * are, as with a library and what DevTools reloads.
	 */
	private static boolean isSamePackage(Class<?> one, Class<?> other) {
		return one.getClassLoader() == other.getClassLoader() && one.getPackageName().equals(other.getPackageName());
	}

}
