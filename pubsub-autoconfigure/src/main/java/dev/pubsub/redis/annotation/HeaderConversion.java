package dev.pubsub.redis.annotation;

import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.core.convert.converter.GenericConverter;
import org.springframework.format.Formatter;
import org.springframework.format.FormatterRegistry;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.format.support.FormattingConversionService;
import org.springframework.util.function.SingletonSupplier;

/**
 * Converts headers, which are texts: by the converters and formatters of the application
 * that are beans, else by its conversion service, if it has one that can, else by those
 * of Spring. The beans are looked up when a header has to be converted.
 */
final class HeaderConversion implements ConversionService {

	private final @Nullable ConversionService application;

	/** The beans alone, to know what they convert. */
	private final Supplier<FormattingConversionService> beans;

	/** Those of Spring and the beans. */
	private final Supplier<FormattingConversionService> others;

	private HeaderConversion(ConfigurableListableBeanFactory beanFactory) {
		this.application = beanFactory.getConversionService();
		this.beans = SingletonSupplier.of(() -> withBeans(new FormattingConversionService(), beanFactory));
		this.others = SingletonSupplier.of(() -> withBeans(new DefaultFormattingConversionService(), beanFactory));
	}

	static ConversionService of(ConfigurableListableBeanFactory beanFactory) {
		return new HeaderConversion(beanFactory);
	}

	private static FormattingConversionService withBeans(FormattingConversionService service,
			ConfigurableListableBeanFactory beanFactory) {
		for (Class<?> type : new Class<?>[] { GenericConverter.class, Formatter.class, ConverterFactory.class,
				Converter.class }) {
			for (String name : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, type, true, false)) {
				ResolvableType declared = declaredType(beanFactory, name);
				if (isUsable(beanFactory, name) && !isForOthers(declared)) {
					add(service, beanFactory.getBean(name), declared);
				}
			}
		}
		return service;
	}

	/**
	 * A bean of a request or a session is not there when a message is. A scoped proxy is
	 * a singleton.
	 */
	private static boolean isUsable(ConfigurableListableBeanFactory beanFactory, String name) {
		return !ScopedProxyUtils.isScopedTarget(name)
				&& (beanFactory.isSingleton(name) || beanFactory.isPrototype(name));
	}

	/**
	 * Return whether a converter is known to convert something else than texts.
	 */
	private static boolean isForOthers(ResolvableType declared) {
		Class<?> source = declared.as(Converter.class).getGeneric(0).resolve();
		return source != null && !source.isAssignableFrom(String.class);
	}

	/**
	 * Add a bean. A lambda does not know what it converts, the method that made the bean
	 * does. What nothing is known of is left out, as it may be meant for anything.
	 */
	@SuppressWarnings("unchecked")
	private static void add(FormatterRegistry registry, Object bean, ResolvableType declared) {
		if (bean instanceof GenericConverter converter) {
			registry.addConverter(converter);
		}
		else if (bean instanceof Formatter<?> formatter) {
			Class<?> type = known(formatter, declared, Formatter.class).getGeneric(0).resolve();
			if (type != null) {
				registry.addFormatterForFieldType(type, formatter);
			}
		}
		else if (bean instanceof ConverterFactory<?, ?> factory) {
			if (!ResolvableType.forInstance(factory).as(ConverterFactory.class).hasUnresolvableGenerics()) {
				registry.addConverterFactory(factory);
			}
		}
		else if (bean instanceof Converter<?, ?> converter) {
			ResolvableType type = known(converter, declared, Converter.class);
			Class<?> source = type.getGeneric(0).resolve();
			Class<?> target = type.getGeneric(1).resolve();
			if (source != null && target != null) {
				registry.addConverter((Class<Object>) source, (Class<Object>) target,
						(Converter<Object, Object>) converter);
			}
		}
	}

	private static ResolvableType known(Object bean, ResolvableType declared, Class<?> as) {
		ResolvableType type = ResolvableType.forInstance(bean).as(as);
		return type.hasUnresolvableGenerics() ? declared.as(as) : type;
	}

	private static ResolvableType declaredType(ConfigurableListableBeanFactory beanFactory, String beanName) {
		try {
			return beanFactory.getMergedBeanDefinition(beanName).getResolvableType();
		}
		catch (NoSuchBeanDefinitionException ex) {
			// A singleton that was registered without a definition
			return ResolvableType.NONE;
		}
	}

	@Override
	public boolean canConvert(@Nullable Class<?> sourceType, Class<?> targetType) {
		return canConvert((sourceType != null) ? TypeDescriptor.valueOf(sourceType) : null,
				TypeDescriptor.valueOf(targetType));
	}

	@Override
	public boolean canConvert(@Nullable TypeDescriptor sourceType, TypeDescriptor targetType) {
		return service(sourceType, targetType).canConvert(sourceType, targetType);
	}

	@Override
	public <T> @Nullable T convert(@Nullable Object source, Class<T> targetType) {
		TypeDescriptor sourceType = TypeDescriptor.forObject(source);
		return service(sourceType, TypeDescriptor.valueOf(targetType)).convert(source, targetType);
	}

	@Override
	public @Nullable Object convert(@Nullable Object source, @Nullable TypeDescriptor sourceType,
			TypeDescriptor targetType) {
		return service(sourceType, targetType).convert(source, sourceType, targetType);
	}

	private ConversionService service(@Nullable TypeDescriptor sourceType, TypeDescriptor targetType) {
		if (this.application != null && !this.beans.get().canConvert(sourceType, element(targetType))
				&& this.application.canConvert(sourceType, targetType)) {
			return this.application;
		}
		return this.others.get();
	}

	/**
	 * Return the type of what is in a list, an array or an {@link Optional}, which
	 * converters are for.
	 */
	private static TypeDescriptor element(TypeDescriptor type) {
		TypeDescriptor element = type.getElementTypeDescriptor();
		if (element == null && type.getType() == Optional.class) {
			ResolvableType inside = type.getResolvableType().getGeneric();
			element = (inside.resolve() != null) ? new TypeDescriptor(inside, null, type.getAnnotations()) : null;
		}
		return (element != null) ? element : type;
	}

}
