package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.ServerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once, where it is permitted to look, for settings of the server with which
 * messages can be lost, and warns of each.
 */
final class StartupChecks implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(StartupChecks.class);

	private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

	private static final int FIRST_SUPPORTED = 6_002_000;

	private static final int FIRST_VULNERABLE = 7_002_000;

	private static final int FIRST_SAFE = 8_006_003;

	private final RedisLink control;

	StartupChecks(RedisLink control) {
		this.control = control;
	}

	@Override
	public void run() {
		try {
			if (this.control.awaitConnection(Duration.ofMinutes(1))) {
				findings(ServerSettings.ask(this.control).get(5, TimeUnit.SECONDS)).forEach(logger::warn);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			logger.debug("Cannot look at the settings of the server", ex);
		}
	}

	static List<String> findings(ServerSettings server) {
		List<String> findings = new ArrayList<>();
		server.get("maxmemory_policy")
			.filter((policy) -> !policy.equals("noeviction"))
			.ifPresent((policy) -> findings
				.add("Redis may evict whole streams with everything pending in them: maxmemory-policy is " + policy
						+ ", set it to noeviction"));
		boolean appendOnly = server.get("aof_enabled").map("1"::equals).orElse(true);
		boolean snapshots = server.get("save").map((save) -> !save.isBlank()).orElse(true);
		if (!appendOnly && !snapshots) {
			findings.add("Redis keeps nothing when it restarts: neither appendonly nor save is set");
		}
		server.get("redis_version")
			.filter((version) -> number(version).orElse(FIRST_SUPPORTED) < FIRST_SUPPORTED)
			.ifPresent((version) -> findings
				.add("Redis " + version + " is too old, messages may be lost: 6.2 or later is needed"));
		server.get("redis_version")
			.filter((version) -> server.get("valkey_version").isEmpty() && isVulnerable(version))
			.ifPresent((version) -> findings.add("Redis " + version
					+ " has a known use-after-free with blocked clients (CVE-2026-23479), which every reader is;"
					+ " it is mended in 8.6.3"));
		return findings;
	}

	private static boolean isVulnerable(String version) {
		return number(version).filter((number) -> number >= FIRST_VULNERABLE && number < FIRST_SAFE).isPresent();
	}

	private static Optional<Integer> number(String version) {
		Matcher parts = VERSION.matcher(version);
		if (!parts.matches()) {
			return Optional.empty();
		}
		return Optional.of(Integer.parseInt(parts.group(1)) * 1_000_000 + Integer.parseInt(parts.group(2)) * 1000
				+ Integer.parseInt(parts.group(3)));
	}

}
