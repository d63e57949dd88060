package dev.pubsub.redis.faults;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The proof finds what it looks for.
 */
@Tag("faults")
class OrderProofTests {

	@Test
	void handlersTakeTurns() {
		OrderProof proof = proof("a 10 START 1-0 1 5", "a 20 FAIL 1-0 1 -", "a 30 START 1-0 2 5", "a 35 START 3-0 1 5",
				"a 40 DONE 1-0 2 -", "a 50 START 2-0 1 5", "a 60 DONE 2-0 1 -", "a 70 DONE 3-0 1 -");

		assertThat(proof.violations()).isEmpty();
		assertThat(proof.overlaps()).isZero();
		assertThat(proof.keys()).isEqualTo(2);
	}

	@Test
	void messageStartsBeforeItsPredecessorWasHandled() {
		OrderProof proof = proof("a 10 START 1-0 1 5", "a 20 FAIL 1-0 1 -", "a 30 START 2-0 1 5", "a 40 DONE 2-0 1 -",
				"a 50 START 1-0 2 5", "a 60 DONE 1-0 2 -");

		assertThat(proof.violations()).containsExactly("2-0 started before 1-0 of its key was handled");
	}

	@Test
	void messageIsHandledAndItsPredecessorNever() {
		assertThat(proof("a 30 START 2-0 1 5", "a 40 DONE 2-0 1 -").violations()).hasSize(1);
	}

	@Test
	void handlersOfOneKeyOverlap() {
		OrderProof proof = proof("a 10 START 1-0 1 5", "b 15 START 1-0 2 6", "b 18 DONE 1-0 2 -", "a 20 DONE 1-0 1 -");

		assertThat(proof.violations()).hasSize(1);
		assertThat(proof.overlaps()).isEqualTo(1);
	}

	@Test
	void frozenHandlerOverlapsWithALowerToken() {
		OrderProof proof = proof("frozen 10 START 1-0 1 5", "b 15 START 1-0 2 6", "b 18 DONE 1-0 2 -",
				"frozen 20 DONE 1-0 1 -");

		assertThat(proof.violations()).isEmpty();
		assertThat(proof.overlaps()).isEqualTo(1);
	}

	@Test
	void frozenHandlerOverlapsWithAHigherToken() {
		OrderProof proof = proof("frozen 10 START 1-0 1 7", "b 15 START 1-0 2 6", "b 18 DONE 1-0 2 -",
				"frozen 20 DONE 1-0 1 -");

		assertThat(proof.violations()).hasSize(1);
	}

	@Test
	void handlersOfAKilledProcessEndWithIt() {
		assertThat(proof("killed 10 START 1-0 1 5", "b 120 START 1-0 2 6", "b 130 DONE 1-0 2 -").overlaps()).isZero();
		assertThat(proof("killed 10 START 1-0 1 5", "b 90 START 1-0 2 6", "b 95 DONE 1-0 2 -").overlaps()).isEqualTo(1);
	}

	private static OrderProof proof(String... lines) {
		List<Journal.Entry> entries = Arrays.stream(lines)
			.map((line) -> line.split(" ", 2))
			.map((parts) -> Journal.Entry.parse(parts[0], parts[1]))
			.toList();
		Map<String, String> keys = new LinkedHashMap<>();
		keys.put("1-0", "ann");
		keys.put("2-0", "ann");
		keys.put("3-0", "bob");
		return new OrderProof(keys, entries, Map.of("killed", 100L), List.of("frozen"));
	}

}
