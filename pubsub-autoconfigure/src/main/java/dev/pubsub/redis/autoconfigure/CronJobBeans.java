package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronScheduler;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Schedules the jobs that are beans of this context, whoever defined the scheduler.
 */
final class CronJobBeans implements SmartInitializingSingleton {

	private final ListableBeanFactory beanFactory;

	private final CronScheduler scheduler;

	CronJobBeans(ListableBeanFactory beanFactory, CronScheduler scheduler) {
		this.beanFactory = beanFactory;
		this.scheduler = scheduler;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.beanFactory.getBeansOfType(CronJob.class)
			.forEach((name, job) -> this.scheduler.schedule(job, "bean " + name));
	}

}
