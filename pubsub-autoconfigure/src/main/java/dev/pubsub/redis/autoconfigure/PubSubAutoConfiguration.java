package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.codec.JacksonPayloadCodec;
import dev.pubsub.redis.codec.PayloadCodec;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.KeyPrefix;
import dev.pubsub.redis.internal.redis.StreamConnections;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of what publishing and listening share: connections, threads and
 * the codec.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = { "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
		"org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration" })
@ConditionalOnClass(LettuceConnectionFactory.class)
@ConditionalOnBooleanProperty(name = "pubsub.redis.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PubSubProperties.class)
public final class PubSubAutoConfiguration {

	private static final String APPLICATION_NAME = "spring.application.name";

	private static final String TLS_BUNDLE = "spring.data.redis.ssl.bundle";

	@Bean
	PubSubPropertiesMapper pubSubPropertiesMapper(PubSubProperties properties, Environment environment) {
		UnknownSettings.check(environment);
		String name = environment.getProperty(APPLICATION_NAME, "");
		String application = name.isBlank() ? "pubsub" : name;
		return new PubSubPropertiesMapper(properties, application, ProcessName.of(application));
	}

	@Bean
	@PerContext
	BackgroundThreads pubSubBackgroundThreads(Environment environment) {
		return Threading.VIRTUAL.isActive(environment) ? BackgroundThreads.virtual() : BackgroundThreads.platform();
	}

	@Bean
	@PerContext
	StreamConnections pubSubStreamConnections(PubSubProperties properties, BackgroundThreads threads,
			ListableBeanFactory beanFactory, ObjectProvider<SslBundles> bundles, Environment environment) {
		StreamConnections connections = new Connections(beanFactory, threads, keyPrefix(properties))
			.open(properties.url(), properties.connectionFactory());
		String bundle = environment.getProperty(TLS_BUNDLE, "");
		if (!bundle.isBlank()) {
			bundles.ifAvailable((present) -> TlsReload.follow(connections, present, bundle));
		}
		return connections;
	}

	@Bean
	@PerContext
	PayloadCodec pubSubPayloadCodec(ObjectProvider<JsonMapper> mapper) {
		JsonMapper primary = mapper.getIfAvailable();
		return (primary != null) ? new JacksonPayloadCodec(primary) : JacksonPayloadCodec.create();
	}

	@Bean
	@PerContext
	StreamAdmin pubSubStreamAdmin(StreamConnections connections, PubSubPropertiesMapper mapper) {
		return StreamAdmin.builder(connections).deadLetterSuffix(mapper::deadLetterSuffix).build();
	}

	@Bean
	@ConditionalOnProperty(name = "pubsub.redis.startup", havingValue = "fail")
	StartupCheck pubSubStartupCheck(StreamConnections connections) {
		return new StartupCheck(connections);
	}

	private static KeyPrefix keyPrefix(PubSubProperties properties) {
		return new Settings<>("pubsub.redis.", KeyPrefix.NONE)
			.with("key-prefix", properties.keyPrefix(), (none, prefix) -> KeyPrefix.of(prefix))
			.options();
	}

}
