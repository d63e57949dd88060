package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.tracing.Tracing;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

/**
 * The application's client configuration with what a queue needs different: nothing is
 * sent again after a reconnect, nothing is kept to be sent later, silence is noticed by
 * {@link ReplyWatch}, reads never go to a replica, polls are not traced, no value is
 * larger than this process can take, and whoever sends bounds what is without a reply.
 */
final class StreamClientConfiguration implements LettuceClientConfiguration, AutoCloseable {

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

	private final LettuceClientConfiguration application;

	private final ClientOptions options;

	private final Optional<ClientResources> resources;

	private final boolean ownsResources;

	StreamClientConfiguration(LettuceClientConfiguration application) {
		this.application = application;
		this.options = options(application.getClientOptions().orElseGet(ClientOptions::create));
		this.resources = application.getClientResources().map(StreamClientConfiguration::untraced);
		this.ownsResources = !this.resources.equals(application.getClientResources());
	}

	/**
	 * Give up what is not the application's. Its event loops and timers go on.
	 */
	@Override
	public void close() {
		if (this.ownsResources) {
			this.resources.ifPresent((copy) -> copy.shutdown(0, 0, TimeUnit.MILLISECONDS));
		}
	}

	@Override
	public boolean isUseSsl() {
		return this.application.isUseSsl();
	}

	@Override
	@Deprecated
	@SuppressWarnings("InlineMeSuggester")
	public boolean isVerifyPeer() {
		return getVerifyMode() != SslVerifyMode.NONE;
	}

	@Override
	public SslVerifyMode getVerifyMode() {
		return this.application.getVerifyMode();
	}

	@Override
	public boolean isStartTls() {
		return this.application.isStartTls();
	}

	@Override
	public Optional<ClientResources> getClientResources() {
		return this.resources;
	}

	@Override
	public Optional<ClientOptions> getClientOptions() {
		return Optional.of(this.options);
	}

	ClientOptions options() {
		return this.options;
	}

	@Override
	public Optional<String> getClientName() {
		return this.application.getClientName();
	}

	@Override
	public Optional<ReadFrom> getReadFrom() {
		return Optional.empty();
	}

	@Override
	public Optional<RedisCredentialsProviderFactory> getRedisCredentialsProviderFactory() {
		return this.application.getRedisCredentialsProviderFactory();
	}

	/**
	 * Bounds the handshake only; commands have no timeout of the driver's.
	 */
	@Override
	public Duration getCommandTimeout() {
		return CONNECT_TIMEOUT;
	}

	@Override
	public Duration getShutdownTimeout() {
		return this.application.getShutdownTimeout();
	}

	@Override
	public Duration getShutdownQuietPeriod() {
		return Duration.ZERO;
	}

	private static ClientOptions options(ClientOptions application) {
		SocketOptions socket = application.getSocketOptions();
		Duration connectTimeout = shorter(socket.getConnectTimeout(), CONNECT_TIMEOUT);
		return application.mutate()
			.autoReconnect(false)
			.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
			.requestQueueSize(Integer.MAX_VALUE)
			.decodeBufferPolicy(new ValueLimit(application.getDecodeBufferPolicy(), LargestEntry.BYTES))
			.timeoutOptions(TimeoutOptions.create())
			.socketOptions(socket.mutate().connectTimeout(connectTimeout).build())
			.build();
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	private static ClientResources untraced(ClientResources resources) {
		return resources.tracing().isEnabled() ? resources.mutate().tracing(Tracing.disabled()).build() : resources;
	}

}
