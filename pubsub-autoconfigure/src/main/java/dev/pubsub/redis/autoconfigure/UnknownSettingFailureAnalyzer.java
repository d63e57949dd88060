package dev.pubsub.redis.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says where an unknown property stands and what its name may have been meant to be.
 */
class UnknownSettingFailureAnalyzer extends AbstractFailureAnalyzer<UnknownSettingException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnknownSettingException cause) {
		StringBuilder description = new StringBuilder(
				"These properties are no settings of pubsub.redis.*, and would be ignored:%n".formatted());
		for (UnknownSetting setting : cause.getSettings()) {
			description.append("%n    Property: %s%n".formatted(setting.name()));
			if (setting.origin() != null) {
				description.append("    Origin: %s%n".formatted(setting.origin()));
			}
			if (setting.nearest() != null) {
				description.append("    Did you mean: %s%n".formatted(setting.nearest()));
			}
			else if (!setting.beside().isEmpty()) {
				description.append("    Possible here: %s%n".formatted(String.join(", ", setting.beside())));
			}
		}
		return new FailureAnalysis(description.toString(),
				"Correct the names, or remove the properties. What the application defines for itself belongs under "
						+ "a prefix of its own.",
				cause);
	}

}
