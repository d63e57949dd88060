package dev.pubsub.redis.annotation;

import dev.pubsub.redis.annotation.StreamSubscribeProcessorTests.Handler;
import dev.pubsub.redis.annotation.StreamSubscribeProcessorTests.InterfaceProxied;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Puts {@link InterfaceProxied} behind a JDK proxy, as an auto-proxy creator does.
 */
class InterfaceProxying implements BeanPostProcessor, BeanFactoryAware {

	private @Nullable BeanFactory beanFactory;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (!(bean instanceof InterfaceProxied)) {
			return bean;
		}
		((ConfigurableListableBeanFactory) this.beanFactory).getMergedBeanDefinition(beanName)
			.setAttribute(AutoProxyUtils.ORIGINAL_TARGET_CLASS_ATTRIBUTE, InterfaceProxied.class);
		ProxyFactory factory = new ProxyFactory(bean);
		factory.setInterfaces(Handler.class);
		return factory.getProxy();
	}

}
