package dev.pubsub.redis.operations;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.operations.DeadLetterRun.State;
import org.awaitility.Awaitility;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A JVM that redrives all dead letters of a stream, to be killed meanwhile.
 */
final class RedriveProcess {

	private RedriveProcess() {
	}

	static Process start(String host, int port, String stream) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-cp",
						System.getProperty("java.class.path"), RedriveProcess.class.getName(), host,
						Integer.toString(port), stream));
		return new ProcessBuilder(command).inheritIO().start();
	}

	public static void main(String[] arguments) {
		LettuceConnectionFactory factory = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration(arguments[0], Integer.parseInt(arguments[1])));
		factory.afterPropertiesSet();
		factory.start();
		OperationsFixture application = new OperationsFixture(factory);
		application.builder.streams(List.of(arguments[2])).redriveRate(2000);
		application.rebuild();
		application.deadLetters().redrive(arguments[2], IdRange.all());
		Awaitility.await()
			.forever()
			.until(() -> application.deadLetters().run(arguments[2]).orElseThrow().state() == State.DONE);
		application.close();
		factory.destroy();
	}

}
