package dev.pubsub.redis.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Three Sentinels and the master and replicas they watch, which belong to one test. Real
 * processes of the server that {@code PUBSUB_TEST_REDIS} names. The Sentinels fail over
 * within about two seconds. Not safe for use from many threads.
 */
public final class RedisSentinels implements AutoCloseable {

	/**
	 * What the Sentinels call the master.
	 */
	public static final String MASTER = "main";

	private static final int SENTINELS = 3;

	private static final int QUORUM = 2;

	private final List<RedisServerProcess> servers = new ArrayList<>();

	private final List<RedisServerProcess> sentinels = new ArrayList<>();

	private RedisSentinels(int replicas, List<String> secrets, List<String> sentinelArgs, String... extraArgs) {
		RedisBinary binary = RedisBinary.of(RedisChoice.get());
		try {
			RedisServerProcess master = RedisServerProcess.start(launcher(binary, extraArgs), Ports::freeWithBus);
			this.servers.add(master);
			for (int i = 0; i < replicas; i++) {
				this.servers.add(
						RedisServerProcess.start(launcher(binary, replicaArgs(master, extraArgs)), Ports::freeWithBus));
			}
			for (int i = 0; i < SENTINELS; i++) {
				this.sentinels.add(RedisServerProcess.start(RedisLauncher.sentinel(binary,
						configuration(master, secrets), sentinelArgs.toArray(String[]::new)), Ports::freeWithBus));
			}
			awaitHealthy();
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Start a master, two replicas and three Sentinels.
	 * @param extraArgs options of the master and the replicas as on the command line,
	 * such as {@code "--min-replicas-to-write", "1"}
	 * @return the servers, all of which know each other
	 */
	public static RedisSentinels start(String... extraArgs) {
		return start(2, extraArgs);
	}

	/**
	 * Start a master, its replicas and three Sentinels.
	 * @param replicas number of replicas
	 * @param extraArgs options of the master and the replicas as on the command line
	 * @return the servers, all of which know each other
	 */
	public static RedisSentinels start(int replicas, String... extraArgs) {
		return new RedisSentinels(replicas, List.of(), List.of(), extraArgs);
	}

	/**
	 * Start a master, two replicas and three Sentinels that ask for passwords.
	 * @param password of the master and the replicas
	 * @param sentinelPassword of the Sentinels
	 * @return the servers, all of which know each other
	 */
	public static RedisSentinels startWithPasswords(String password, String sentinelPassword) {
		return new RedisSentinels(2,
				List.of("sentinel auth-pass " + MASTER + " " + password, "sentinel sentinel-pass " + sentinelPassword),
				List.of("--requirepass", sentinelPassword), "--requirepass", password, "--masterauth", password);
	}

	/**
	 * Return the addresses of the Sentinels, as {@code spring.data.redis.sentinel.nodes}
	 * takes them.
	 * @return host and port of each
	 */
	public List<String> addresses() {
		return this.sentinels.stream().map(RedisServerProcess::address).toList();
	}

	public List<RedisServerProcess> sentinels() {
		return List.copyOf(this.sentinels);
	}

	/**
	 * Return master and replicas, dead ones included.
	 * @return the servers, the first master first
	 */
	public List<RedisServerProcess> servers() {
		return List.copyOf(this.servers);
	}

	/**
	 * Return the server that the Sentinels call the master.
	 * @return the master, dead or alive
	 */
	public RedisServerProcess master() {
		int port = masterPort(answering(this.sentinels).findFirst().orElseThrow());
		return this.servers.stream().filter((server) -> server.port() == port).findFirst().orElseThrow();
	}

	/**
	 * Return all servers but the master, dead ones left out.
	 * @return the replicas
	 */
	public List<RedisServerProcess> replicas() {
		RedisServerProcess master = master();
		return answering(this.servers).filter((server) -> server != master).toList();
	}

	/**
	 * Let the Sentinels promote a replica although the master is well, and wait until
	 * they have. They give up on a busy machine, and are asked again then.
	 * @return the new master
	 */
	public RedisServerProcess failover() {
		RedisServerProcess former = master();
		ClusterFormation.await("the Sentinels promote a replica").atMost(Duration.ofSeconds(60)).until(() -> {
			if (master() == former) {
				this.sentinels.get(0).send("SENTINEL", "FAILOVER", MASTER);
			}
			return master() != former;
		});
		return awaitSwitch(former);
	}

	/**
	 * Wait until another server than the given one is the master, by what itself says and
	 * by what all Sentinels say.
	 * @param former the former master, in whatever state
	 * @return the master
	 */
	public RedisServerProcess awaitSwitch(RedisServerProcess former) {
		ClusterFormation.await("another master than " + former).until(() -> {
			RedisServerProcess master = master();
			return master != former && agree(master) && isMaster(master);
		});
		return master();
	}

	/**
	 * Wait until the Sentinels know each other and the replicas, and all replicas that
	 * answer have the master's data.
	 */
	public void awaitHealthy() {
		ClusterFormation.await("the Sentinels and replicas are in order").until(() -> {
			RedisServerProcess master = master();
			int expected = this.servers.size() - 1;
			return isMaster(master) && agree(master) && replicas().stream().allMatch(ClusterFormation::isInSync)
					&& answering(this.sentinels).allMatch((sentinel) -> size(sentinel, "REPLICAS") == expected
							&& size(sentinel, "SENTINELS") == SENTINELS - 1);
		});
	}

	/**
	 * Start dead processes again, resume frozen ones, and wait until all is well.
	 */
	public void repair() {
		this.servers.forEach(RedisServerProcess::repair);
		this.sentinels.forEach(RedisServerProcess::repair);
		awaitHealthy();
	}

	@Override
	public void close() {
		this.sentinels.forEach(RedisServerProcess::close);
		this.servers.forEach(RedisServerProcess::close);
	}

	@Override
	public String toString() {
		return "Sentinels " + addresses() + " of " + this.servers.stream().map(RedisServerProcess::address).toList();
	}

	private boolean agree(RedisServerProcess master) {
		return answering(this.sentinels).allMatch((sentinel) -> masterPort(sentinel) == master.port());
	}

	private static boolean isMaster(RedisServerProcess server) {
		return String.valueOf(server.send("INFO", "replication")).contains("role:master");
	}

	private static int masterPort(RedisServerProcess sentinel) {
		return (sentinel.send("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER) instanceof List<?> address)
				? Integer.parseInt(String.valueOf(address.get(1))) : 0;
	}

	private static int size(RedisServerProcess sentinel, String what) {
		return (sentinel.send("SENTINEL", what, MASTER) instanceof List<?> list) ? list.size() : 0;
	}

	private static Stream<RedisServerProcess> answering(List<RedisServerProcess> processes) {
		return processes.stream().filter(RedisServerProcess::isAnswering);
	}

	private static RedisLauncher launcher(RedisBinary binary, String... extraArgs) {
		List<String> options = new ArrayList<>(List.of("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0",
				"--repl-ping-replica-period", "1"));
		options.addAll(List.of(extraArgs));
		return RedisLauncher.of(binary, options.toArray(String[]::new));
	}

	private static String[] replicaArgs(RedisServerProcess master, String... extraArgs) {
		return Stream.concat(Stream.of(extraArgs), Stream.of("--replicaof", RedisLauncher.HOST, "" + master.port()))
			.toArray(String[]::new);
	}

	private static List<String> configuration(RedisServerProcess master, List<String> secrets) {
		List<String> watch = List.of(
				"sentinel monitor " + MASTER + " " + RedisLauncher.HOST + " " + master.port() + " " + QUORUM,
				"sentinel down-after-milliseconds " + MASTER + " 1000", "sentinel failover-timeout " + MASTER + " 5000",
				"sentinel parallel-syncs " + MASTER + " 2");
		return Stream.concat(watch.stream(), secrets.stream()).toList();
	}

}
