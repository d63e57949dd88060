package dev.pubsub.redis.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.Ports;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Certificates that are replaced while the application runs.
 */
class TlsReloadIntegrationTests {

	@TempDir
	private Path directory;

	@Test
	void nextConnectionUsesReloadedBundle() throws IOException {
		TestCertificate first = TestCertificate.create(this.directory, "first");
		TestCertificate second = TestCertificate.create(this.directory, "second");
		Path served = this.directory.resolve("served.pem");
		Files.writeString(served, first.certificate() + first.key());
		int port = Ports.free();
		try (RedisServerProcess server = RedisServerProcess.start("--tls-port", "" + port, "--tls-cert-file",
				served.toString(), "--tls-key-file", served.toString(), "--tls-auth-clients", "no")) {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DataRedisAutoConfiguration.class,
						PubSubAutoConfiguration.class, PubSubProducerAutoConfiguration.class))
				.withPropertyValues("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + port,
						"spring.data.redis.ssl.bundle=redis",
						"spring.ssl.bundle.pem.redis.truststore.certificate=" + first.certificate(),
						"pubsub.redis.producer.timeout=1s")
				.run((context) -> {
					RedisStreamProducer producer = context.getBean(RedisStreamProducer.class);
					await("the first connection").ignoreExceptions()
						.until(() -> producer.publish("orders", "apple") != null);

					Files.writeString(served, second.certificate() + second.key());
					server.send("CONFIG", "SET", "tls-cert-file", served.toString());
					server.send("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
					assertThatExceptionOfType(PublishException.class).isThrownBy(() -> {
						producer.publish("orders", "pear");
						producer.publish("orders", "pear");
					});

					context.getBean(SslBundleRegistry.class).updateBundle("redis", trusting(second));
					await("trust in the second certificate").atMost(Duration.ofSeconds(10))
						.ignoreExceptions()
						.until(() -> producer.publish("orders", "plum") != null);
					assertThat(server.send("XLEN", "orders")).isEqualTo(2L);
				});
		}
	}

	private static SslBundle trusting(TestCertificate server) {
		return SslBundle.of(new PemSslStoreBundle(null,
				PemSslStoreDetails.forCertificate(server.certificate()).withAlias("redis")));
	}

}
