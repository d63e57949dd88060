package dev.pubsub.redis.annotation;

import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.HashSet;
import java.util.Set;

import org.springframework.core.ResolvableType;

/**
 * Says which type a parameter asks for, without the variables of the class that declares
 * it: a codec does not know the class of the bean, which gives them their values.
 */
final class PayloadType {

	private PayloadType() {
	}

	/**
	 * Return a type in which each variable is replaced by what it stands for, and each
	 * wildcard by its bound.
	 * @param type the type, with what its variables stand for
	 * @return the type, {@code Object} if it may be any
	 */
	static Type of(ResolvableType type) {
		return replaced(type, new HashSet<>());
	}

	private static Type replaced(ResolvableType type, Set<Type> replacing) {
		Class<?> raw = type.resolve();
		if (raw == null) {
			return Object.class;
		}
		if (type.getType() == raw) {
			return raw;
		}
		// A bound may name its own variable: T extends Comparable<T>
		boolean variable = type.getType() instanceof TypeVariable<?>;
		if (variable && !replacing.add(type.getType())) {
			return raw;
		}
		Type replaced = raw.isArray() ? array(type, replacing) : generic(raw, type.getGenerics(), replacing);
		if (variable) {
			replacing.remove(type.getType());
		}
		return replaced;
	}

	private static Type array(ResolvableType type, Set<Type> replacing) {
		Type component = replaced(type.getComponentType(), replacing);
		return (component instanceof Class<?> known) ? known.arrayType() : type.getType();
	}

	private static Type generic(Class<?> raw, ResolvableType[] arguments, Set<Type> replacing) {
		if (arguments.length == 0) {
			return raw;
		}
		ResolvableType[] replaced = new ResolvableType[arguments.length];
		for (int i = 0; i < arguments.length; i++) {
			replaced[i] = ResolvableType.forType(replaced(arguments[i], replacing));
		}
		return ResolvableType.forClassWithGenerics(raw, replaced).getType();
	}

}
