package dev.pubsub.sample;

import java.util.List;

import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.RedisStreamProducer;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;

import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Takes orders and publishes them, and tells what has become of them.
 */
@RestController
@RequestMapping("/orders")
class OrderController {

	private final RedisStreamProducer producer;

	private final OrderStatuses statuses;

	OrderController(RedisStreamProducer producer, OrderStatuses statuses) {
		this.producer = producer;
		this.statuses = statuses;
	}

	@PostMapping
	@ResponseStatus(HttpStatus.ACCEPTED)
	PlacedOrder place(@RequestBody @Valid Order order) {
		return new PlacedOrder(publish(List.of(order)).get(0));
	}

	@PostMapping("/batch")
	@ResponseStatus(HttpStatus.ACCEPTED)
	PlacedOrders placeAll(@RequestBody @NotEmpty List<@NotNull @Valid Order> orders) {
		return new PlacedOrders(publish(orders));
	}

	@GetMapping("/{id}")
	OrderStatus status(@PathVariable String id) {
		return this.statuses.find(id)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no order " + id));
	}

	@ExceptionHandler
	ProblemDetail notPublished(PublishException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "Orders cannot be taken right now");
	}

	private List<String> publish(List<Order> orders) {
		// One session per request: whatever else this request publishes goes with it.
		ProducerSession session = this.producer.session();
		orders.forEach((order) -> session.add(Order.STREAM, order));
		List<String> ids = session.commit().stream().map(RecordId::getValue).toList();
		ids.forEach(this.statuses::published);
		return ids;
	}

	record PlacedOrder(String id) {

	}

	record PlacedOrders(List<String> ids) {

	}

}
