package dev.pubsub.redis.annotation;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

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

/**
 * Converts headers, which are texts: by the conversion service of the application, if it
 * has one that can, else by its converters and formatters that are beans, and those of
 * Spring.
 */
final class HeaderConversion implements ConversionService {

	private final @Nullable ConversionService application;

	private final ConversionService others;

	private HeaderConversion(@Nullable ConversionService application, ConversionService others) {
		this.application = application;
		this.others = others;
	}

	static ConversionService of(ConfigurableListableBeanFactory beanFactory) {
		DefaultFormattingConversionService others = new DefaultFormattingConversionService();
		beans(beanFactory, GenericConverter.class).forEach(others::addConverter);
		beans(beanFactory, Formatter.class).forEach(others::addFormatter);
		beans(beanFactory, ConverterFactory.class).forEach(others::addConverterFactory);
		for (String name : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, Converter.class, true,
				false)) {
			add(others, beanFactory.getBean(name, Converter.class), declaredType(beanFactory, name));
		}
		return new HeaderConversion(beanFactory.getConversionService(), others);
	}

	/**
	 * Return the beans of a type, also those of parent contexts.
	 */
	private static <T> Collection<T> beans(ConfigurableListableBeanFactory beanFactory, Class<T> type) {
		return BeanFactoryUtils.beansOfTypeIncludingAncestors(beanFactory, type, true, false).values();
	}

	/**
	 * Add a converter. A lambda does not know what it converts, the method that made the
	 * bean does.
	 */
	@SuppressWarnings("unchecked")
	private static void add(FormatterRegistry registry, Converter<?, ?> converter, ResolvableType declared) {
		ResolvableType type = ResolvableType.forInstance(converter).as(Converter.class);
		ResolvableType known = type.hasUnresolvableGenerics() ? declared.as(Converter.class) : type;
		Class<?> source = known.getGeneric(0).resolve();
		Class<?> target = known.getGeneric(1).resolve();
		if (source != null && target != null) {
			registry.addConverter((Class<Object>) source, (Class<Object>) target,
					(Converter<Object, Object>) converter);
		}
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
		return (this.application != null && this.application.canConvert(sourceType, targetType)) ? this.application
				: this.others;
	}

}
