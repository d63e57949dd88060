package dev.pubsub.redis.internal.ownership;

import java.util.stream.LongStream;

import dev.pubsub.redis.internal.ownership.OwnershipModel.Mutation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class OwnershipModelTests {

	private static final int RUNS = 2_000;

	private static final int STEPS = 500;

	@Test
	void neverLetsTwoOwnersRead() {
		long reads = 0;
		for (long seed = 0; seed < RUNS; seed++) {
			OwnershipModel model = new OwnershipModel(seed, Mutation.NONE);
			assertThat(model.run(STEPS)).as("seed %d", seed).isEmpty();
			reads += model.reads();
		}
		assertThat(reads).isGreaterThan(RUNS);
	}

	@ParameterizedTest
	@EnumSource(value = Mutation.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
	void noticesWhatIsMissing(Mutation mutation) {
		assertThat(LongStream.range(0, RUNS)
			.mapToObj((seed) -> new OwnershipModel(seed, mutation).run(STEPS))
			.anyMatch((violation) -> violation.contains("after"))).isTrue();
	}

}
