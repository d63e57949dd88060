package dev.pubsub.redis.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Refuses to start with a Spring Boot that is too old, before anything fails with a class
 * that is not there. Spring Boot 3 reads our auto-configurations, and this listener, by
 * the same names as Spring Boot 4. It must use only types that both have.
 */
class SpringBootVersionCheck implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

	private static final int LOWEST_MAJOR = 4;

	private final @Nullable String version;

	SpringBootVersionCheck() {
		this(SpringBootVersion.getVersion());
	}

	SpringBootVersionCheck(@Nullable String version) {
		this.version = version;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		check();
	}

	void check() {
		if (this.version != null && this.version.matches("\\d{1,3}\\..*")
				&& Integer.parseInt(this.version.substring(0, this.version.indexOf('.'))) < LOWEST_MAJOR) {
			throw new UnsupportedSpringBootException(this.version);
		}
	}

}
