package dev.pubsub.redis.console;

import java.util.Optional;

import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.autoconfigure.PubSubMetricsAutoConfiguration;
import dev.pubsub.redis.autoconfigure.PubSubOperationsAutoConfiguration;
import dev.pubsub.redis.console.http.ConsoleHandler;
import dev.pubsub.redis.console.view.Activity;
import dev.pubsub.redis.console.view.Catalog;
import dev.pubsub.redis.console.view.ConsoleViews;
import dev.pubsub.redis.console.view.History;
import dev.pubsub.redis.console.web.ConsolePath;
import dev.pubsub.redis.console.web.ReactiveConsole;
import dev.pubsub.redis.console.web.ServletConsole;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.monitor.Backlog;
import dev.pubsub.redis.monitor.BacklogMonitor;
import dev.pubsub.redis.operations.PubSubOperations;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of the console: a page to look at and act on streams, dead letters
 * and cron jobs.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { PubSubOperationsAutoConfiguration.class, PubSubMetricsAutoConfiguration.class })
@ConditionalOnWebApplication
@ConditionalOnBooleanProperty("pubsub.console.enabled")
@ConditionalOnBean({ PubSubOperations.class, StreamAdmin.class, CronScheduler.class })
@EnableConfigurationProperties(ConsoleProperties.class)
public final class PubSubConsoleAutoConfiguration {

	@Bean
	Activity pubSubConsoleActivity() {
		return new Activity();
	}

	@Bean
	@ConditionalOnMissingBean
	BacklogMonitor pubSubConsoleBacklogMonitor(SharedConnections connections,
			StreamListenerContainerRegistry containers, ConsoleProperties properties) {
		return BacklogMonitor.create(connections,
				() -> containers.getContainers().stream().map(StreamListenerContainer::getSubscription).toList(),
				properties.interval());
	}

	@Bean
	Catalog pubSubConsoleCatalog(StreamListenerContainerRegistry registry, CronScheduler scheduler,
			PubSubOperations operations, ObjectProvider<BacklogMonitor> monitors, Activity activity) {
		return new Catalog(registry, scheduler, operations.streams(), (id) -> backlog(monitors, id), activity);
	}

	private static Optional<Backlog> backlog(ObjectProvider<BacklogMonitor> monitors, String id) {
		return monitors.stream().flatMap((monitor) -> monitor.getBacklog(id).stream()).findFirst();
	}

	@Bean
	History pubSubConsoleHistory(Catalog catalog, ConsoleProperties properties) {
		return ConsoleViews.history(catalog, properties.interval());
	}

	@Bean
	ConsoleHandler pubSubConsoleHandler(Catalog catalog, StreamAdmin admin, PubSubOperations operations,
			History history, ConsoleProperties properties, Environment environment) {
		boolean actions = properties.access() == ConsoleAccess.UNRESTRICTED;
		ConsoleViews views = new ConsoleViews(catalog, admin, operations, history, new ConsoleViews.Settings(
				environment.getProperty("spring.application.name", "application"), actions, properties.showPayloads()));
		return new ConsoleHandler(views.reads(), views.actions(), actions);
	}

	/**
	 * The console in Spring MVC.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@ConditionalOnClass(DispatcherServlet.class)
	static class Servlet {

		@Bean
		org.springframework.web.servlet.HandlerMapping pubSubConsoleHandlerMapping(ConsoleHandler handler,
				ConsoleProperties properties) {
			return ServletConsole.mapping(ConsolePath.of(properties.path()), handler);
		}

	}

	/**
	 * The console in WebFlux.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	@ConditionalOnClass(DispatcherHandler.class)
	static class Reactive {

		@Bean
		org.springframework.web.reactive.HandlerMapping pubSubConsoleHandlerMapping(ConsoleHandler handler,
				ConsoleProperties properties) {
			return ReactiveConsole.mapping(ConsolePath.of(properties.path()), handler);
		}

	}

}
