package dev.pubsub.redis.console.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.pubsub.redis.console.http.Parameters;
import dev.pubsub.redis.operations.CronOperations;
import dev.pubsub.redis.operations.CronStatus;
import dev.pubsub.redis.operations.PageRequest;

/**
 * The cron jobs and their next fire times, without asking Redis.
 */
final class CronPage {

	private final CronOperations cron;

	CronPage(CronOperations cron) {
		this.cron = cron;
	}

	Page<CronStatus> jobs(Parameters parameters) {
		String text = parameters.optional("q").orElse("").toLowerCase(Locale.ROOT);
		List<CronStatus> found = all().stream()
			.filter((job) -> (job.job() + " " + job.stream()).toLowerCase(Locale.ROOT).contains(text))
			.toList();
		return Page.of(found, parameters, (job) -> job);
	}

	private List<CronStatus> all() {
		List<CronStatus> all = new ArrayList<>();
		PageRequest request = PageRequest.first().withLimit(PageRequest.MOST);
		var page = this.cron.list(request);
		all.addAll(page.items());
		while (page.next() != null) {
			page = this.cron.list(request.withAfter(page.next()));
			all.addAll(page.items());
		}
		return all;
	}

}
