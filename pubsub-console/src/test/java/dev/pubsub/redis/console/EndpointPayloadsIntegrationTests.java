package dev.pubsub.redis.console;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * To whom the endpoint shows payloads beside Spring Security, which only the tests of
 * this module have. Everybody may open the endpoint here; Ann is a user, Bob an operator.
 */
@RedisTest
class EndpointPayloadsIntegrationTests {

	private static final String WHEN_AUTHORIZED = "--management.endpoint.pubsub.show-payloads=when-authorized";

	private final TestRedis redis;

	private final String orders;

	EndpointPayloadsIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.orders = redis.key("orders");
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
	void showsThemToAuthenticatedUsers(WebApplicationType type) {
		try (ShopApplication shop = start(type, WHEN_AUTHORIZED)) {
			assertThat(lookAtDeadLetters(shop, null)).doesNotContain("secret", "at shop");
			assertThat(lookAtDeadLetters(shop, "ann")).contains("secret", "at shop");
			assertThat(lookAtDeadLetters(shop, "bob")).contains("secret", "at shop");
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
	void showsThemToUsersWithARole(WebApplicationType type) {
		try (ShopApplication shop = start(type, WHEN_AUTHORIZED, "--management.endpoint.pubsub.roles=OPERATOR")) {
			assertThat(lookAtDeadLetters(shop, null)).doesNotContain("secret", "at shop");
			assertThat(lookAtDeadLetters(shop, "ann")).doesNotContain("secret", "at shop");
			assertThat(lookAtDeadLetters(shop, "bob")).contains("secret", "at shop");
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
	void showsThemToNobodyByDefault(WebApplicationType type) {
		try (ShopApplication shop = start(type, "--management.endpoint.pubsub.roles=OPERATOR")) {
			assertThat(lookAtDeadLetters(shop, "bob")).doesNotContain("secret", "at shop");
		}
	}

	private ShopApplication start(WebApplicationType type, String... arguments) {
		this.redis.xadd("{" + this.orders + "}:dlq", Map.of("item", "secret", "__DLQ_STACKTRACE", "at shop"));
		Class<?> users = (type == WebApplicationType.SERVLET) ? Servlet.class : Reactive.class;
		String[] all = Stream
			.concat(Stream.of("--management.endpoints.web.exposure.include=pubsub", "--test.path=/actuator/pubsub"),
					Stream.of(arguments))
			.toArray(String[]::new);
		return ShopApplication.start(this.redis, type, Map.of("spring.main.sources", users.getName()), all);
	}

	private String lookAtDeadLetters(ShopApplication shop, @Nullable String user) {
		String login = Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.US_ASCII));
		HttpResponse<String> response = new ConsoleClient(shop.url()).send("/dead-letters/" + this.orders,
				(user != null) ? (request) -> request.header("Authorization", "Basic " + login)
						: UnaryOperator.identity());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).contains("\"reason\":");
		return response.body();
	}

	private static UserDetails user(String name, String role) {
		return User.withUsername(name).password("{noop}secret").roles(role).build();
	}

	@Configuration(proxyBeanMethods = false)
	static class Servlet {

		@Bean
		SecurityFilterChain everybody(HttpSecurity http) throws Exception {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(user("ann", "USER"), user("bob", "OPERATOR"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Reactive {

		@Bean
		SecurityWebFilterChain everybody(ServerHttpSecurity http) {
			return http.authorizeExchange((requests) -> requests.anyExchange().permitAll())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		MapReactiveUserDetailsService users() {
			return new MapReactiveUserDetailsService(user("ann", "USER"), user("bob", "OPERATOR"));
		}

	}

}
