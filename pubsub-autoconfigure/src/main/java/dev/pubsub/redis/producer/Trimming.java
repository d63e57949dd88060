package dev.pubsub.redis.producer;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What to remove from the old end of a stream when an entry is added. A part that is
 * {@code null} was not said.
 *
 * @param maxLength greatest length
 * @param minId lowest id to keep
 * @param approximate whether a few more may stay, which costs much less
 * @param acknowledgedOnly whether entries stay that some group has not acknowledged
 */
record Trimming(@Nullable Long maxLength, @Nullable String minId, @Nullable Boolean approximate,
		@Nullable Boolean acknowledgedOnly) {

	/**
	 * Nothing was said.
	 */
	static final Trimming UNSPECIFIED = new Trimming(null, null, null, null);

	private static final Long NO_LIMIT = Long.MAX_VALUE;

	Trimming {
		Assert.isTrue(maxLength == null || maxLength > 0, () -> "'maxLength' must be positive, was " + maxLength);
		Assert.isTrue(minId == null || EntryIds.isId(minId),
				() -> "'minId' must be an id such as 1700000000000-0, was \"" + minId + "\"");
	}

	Trimming withMaxLength(long maxLength) {
		Assert.isTrue(this.minId == null,
				() -> "'maxLength' and 'minId' cannot both be given: 'minId' is " + this.minId);
		return new Trimming(maxLength, null, this.approximate, this.acknowledgedOnly);
	}

	Trimming withMinId(String minId) {
		Assert.isTrue(this.maxLength == null || isWithoutLimit(),
				() -> "'maxLength' and 'minId' cannot both be given: 'maxLength' is " + this.maxLength);
		return new Trimming(null, minId, this.approximate, this.acknowledgedOnly);
	}

	/**
	 * Trim nothing. Unlike what was not said, this is not filled in.
	 */
	Trimming withoutLimit() {
		return new Trimming(NO_LIMIT, null, this.approximate, this.acknowledgedOnly);
	}

	Trimming withApproximate(boolean approximate) {
		return new Trimming(this.maxLength, this.minId, approximate, this.acknowledgedOnly);
	}

	Trimming withAcknowledgedOnly(boolean acknowledgedOnly) {
		return new Trimming(this.maxLength, this.minId, this.approximate, acknowledgedOnly);
	}

	/**
	 * Fill in what was not said here.
	 * @param defaults where to take it from
	 * @return the filled in trimming
	 */
	Trimming orElse(Trimming defaults) {
		boolean said = this.maxLength != null || this.minId != null;
		return new Trimming(said ? this.maxLength : defaults.maxLength, said ? this.minId : defaults.minId,
				(this.approximate != null) ? this.approximate : defaults.approximate,
				(this.acknowledgedOnly != null) ? this.acknowledgedOnly : defaults.acknowledgedOnly);
	}

	boolean isLimited() {
		return this.minId != null || (this.maxLength != null && !isWithoutLimit());
	}

	boolean isWithoutLimit() {
		return NO_LIMIT.equals(this.maxLength);
	}

	boolean isApproximate() {
		return !Boolean.FALSE.equals(this.approximate);
	}

	boolean isAcknowledgedOnly() {
		return Boolean.TRUE.equals(this.acknowledgedOnly);
	}

}
