package dev.pubsub.redis.internal.redis;

import java.util.concurrent.CompletionException;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RedisFaultTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "NOGROUP No such key 'orders' or consumer group 'g' | LOST_GROUP",
			"UNBLOCKED the stream key no longer exists | LOST_GROUP",
			"UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?) | READ_ONLY",
			"READONLY You can't write against a read only replica. | READ_ONLY",
			"BUSYGROUP Consumer Group name already exists | GROUP_EXISTS",
			"LOADING Redis is loading the dataset in memory | UNAVAILABLE",
			"OOM command not allowed when used memory > 'maxmemory'. | UNAVAILABLE",
			"NOREPLICAS Not enough good replicas to write. | UNAVAILABLE",
			"MISCONF Redis is configured to save RDB snapshots | UNAVAILABLE",
			"WRONGTYPE Operation against a key holding the wrong kind of value | REFUSED",
			"ERR The user executing the script can't run this command or subcommand script: ed79, on @user_script:9. | REFUSED",
			"ERR ACL failure in script: User x has no permissions to run the 'xclaim' command script: ed79 | REFUSED",
			"NOPERM this user has no permissions to run the 'xack' command | REFUSED",
			"NOAUTH Authentication required. | REFUSED", "ERR unknown command 'XACKDEL' | UNSUPPORTED",
			"ERR syntax error | UNSUPPORTED", "ERR something else | OTHER_REPLY",
			"ERR Error running script (call to f_0a): @user_script:5: WRONGTYPE Operation against a key | REFUSED",
			"ERR Error running script (call to f_0a): @user_script:5: NOGROUP No such key | LOST_GROUP" })
	void knowsWhatAnErrorReplyMeans(String message, RedisFault fault) {
		assertThat(RedisFault.of(new CompletionException(new RedisCommandExecutionException(message))))
			.isEqualTo(fault);
	}

	@Test
	void tellsWhatWasNotSentFromWhatGotNoReply() {
		assertThat(RedisFault.of(NotConnectedException.of(new LinkName("control", "localhost:6379"), null)))
			.isEqualTo(RedisFault.NOT_SENT);
		assertThat(RedisFault.of(new RedisException("Request queue size exceeded: 100. Commands are not accepted")))
			.isEqualTo(RedisFault.NOT_SENT);
		assertThat(RedisFault.of(new RedisException("Connection closed"))).isEqualTo(RedisFault.NO_REPLY);
		assertThat(RedisFault.NO_REPLY.isReply()).isFalse();
		assertThat(RedisFault.LOST_GROUP.isReply()).isTrue();
	}

}
