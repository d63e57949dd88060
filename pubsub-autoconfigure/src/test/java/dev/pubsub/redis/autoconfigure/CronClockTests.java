package dev.pubsub.redis.autoconfigure;

import java.time.Clock;
import java.time.ZoneId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class CronClockTests {

	private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

	private final Clock berlin = Clock.system(ZoneId.of("Europe/Berlin"));

	@Test
	void oneClockIsUsed(CapturedOutput output) {
		this.beans.registerSingleton("berlin", this.berlin);

		assertThat(chosen()).isSameAs(this.berlin);
		assertThat(output).isEmpty();
	}

	@Test
	void primaryClockIsUsed(CapturedOutput output) {
		this.beans.registerSingleton("paris", Clock.system(ZoneId.of("Europe/Paris")));
		RootBeanDefinition primary = new RootBeanDefinition(Clock.class, () -> this.berlin);
		primary.setPrimary(true);
		this.beans.registerBeanDefinition("berlin", primary);

		assertThat(chosen()).isSameAs(this.berlin);
		assertThat(output).isEmpty();
	}

	@Test
	void noClockIsNotWorthAWord(CapturedOutput output) {
		assertThat(chosen()).isEqualTo(Clock.systemUTC());
		assertThat(output).isEmpty();
	}

	@Test
	void severalClocksAreToldOf(CapturedOutput output) {
		this.beans.registerSingleton("paris", Clock.system(ZoneId.of("Europe/Paris")));
		this.beans.registerSingleton("berlin", this.berlin);

		assertThat(chosen()).isEqualTo(Clock.systemUTC());
		assertThat(output).containsOnlyOnce("There are 2 Clock beans and none is @Primary");
	}

	private Clock chosen() {
		return CronClock.of(this.beans.getBeanProvider(Clock.class));
	}

}
