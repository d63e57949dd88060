package dev.pubsub.redis.internal.redis;

import dev.pubsub.redis.internal.redis.ErrorReply.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ErrorReplyTests {

	@Test
	void readsWhereTheKeyIs() {
		assertThat(ErrorReply.parse("MOVED 3999 127.0.0.1:6381"))
			.isEqualTo(new ErrorReply(Kind.MOVED, 3999, "127.0.0.1", 6381));
		assertThat(ErrorReply.parse("ASK 1 ::1:6381")).isEqualTo(new ErrorReply(Kind.ASK, 1, "::1", 6381));
		assertThat(ErrorReply.parse("MOVED 3999 redis-1.example.org:6381"))
			.isEqualTo(new ErrorReply(Kind.MOVED, 3999, "redis-1.example.org", 6381));
	}

	@ParameterizedTest
	@ValueSource(strings = { "MOVED 3999 :6381", "MOVED 3999 ?:6381" })
	void takesServerThatAnsweredForTheHostWhereNoneIsNamed(String error) {
		assertThat(ErrorReply.parse(error)).isEqualTo(new ErrorReply(Kind.MOVED, 3999, null, 6381));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			TRYAGAIN Multiple keys request during rehashing of slot | TRY_AGAIN
			CLUSTERDOWN Hash slot not served | UNAVAILABLE
			LOADING Redis is loading the dataset in memory | UNAVAILABLE
			MASTERDOWN Link with MASTER is down | UNAVAILABLE
			NOREPLICAS Not enough good replicas to write. | UNAVAILABLE
			READONLY You can't write against a read only replica. | NO_MASTER
			ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write | NO_MASTER
			ERR Error running script (call to f_1): @user_script:1: -NOREPLICAS Not enough | UNAVAILABLE
			""")
	void knowsWhatWasNotExecuted(String error, Kind kind) {
		assertThat(ErrorReply.parse(error)).extracting(ErrorReply::kind).isEqualTo(kind);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ERR syntax error", "OOM command not allowed", "WRONGTYPE Operation", "MOVED", "MOVED x y",
			"MOVED 1 host:port", "NOSCRIPT No matching script", "NOGROUP No such key" })
	void leavesOtherErrorsToWhoeverSentTheCommand(String error) {
		assertThat(ErrorReply.parse(error)).isNull();
	}

}
