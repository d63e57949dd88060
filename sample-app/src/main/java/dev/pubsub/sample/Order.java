package dev.pubsub.sample;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;

/**
 * What a customer orders: the body of a request and, as JSON, the payload of a message.
 *
 * @param customer who ordered
 * @param item what; {@code flaky} and {@code broken} make trouble, see
 * {@link OrderListener}
 * @param quantity how many
 */
record Order(@NotBlank @Size(max = 100) String customer, @NotBlank @Size(max = 100) String item,
		@Positive int quantity) {

	static final String STREAM = "orders";

}
