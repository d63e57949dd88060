package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServerViewsTests {

	private final ServerNode one = node("one");

	private final ServerNode two = node("two");

	private final ServerNode three = node("three");

	private final RedisURI a = uri("a");

	private final RedisURI b = uri("b");

	private final RedisURI c = uri("c");

	private long now = Long.MAX_VALUE - 5;

	private final ServerViews views = new ServerViews(() -> this.now);

	@Test
	void knowNothingAtFirst() {
		assertThat(this.views.routes()).isNull();
		assertThat(this.views.next(List.of(this.a, this.b))).containsExactlyInAnyOrder(this.a, this.b);
	}

	@Test
	void laterClaimWinsWhoeverSpeaksLast() {
		says(this.a, new Claim(this.two, 6));
		says(this.b, new Claim(this.one, 5));
		says(this.c, new Claim(this.one, 5));

		assertThat(serving()).isSameAs(this.two);
	}

	@Test
	void serverTakesBackWhatItSaid() {
		says(this.a, new Claim(this.two, 6));
		says(this.b, new Claim(this.one, 1));

		says(this.a, new Claim(this.one, 1));

		assertThat(serving()).isSameAs(this.one);
	}

	@Test
	void wordOfSilentServerCountsForAWhile() {
		says(this.a, new Claim(this.two, 6));
		this.views.asked(this.a);
		passes(Duration.ofSeconds(9));
		says(this.b, new Claim(this.one, 1));
		assertThat(serving()).isSameAs(this.two);

		passes(Duration.ofSeconds(2));
		says(this.b, new Claim(this.one, 1));

		assertThat(serving()).isSameAs(this.one);
	}

	@Test
	void wordOfServerThatIsNotAskedCountsForGood() {
		says(this.a, new Claim(this.two, 6));

		passes(Duration.ofDays(1));
		says(this.b, new Claim(this.one, 1));

		assertThat(serving()).isSameAs(this.two);
	}

	@Test
	void lastWordCountsWhileNoneAnswers() {
		says(this.a, new Claim(this.two, 6));
		says(this.b, new Claim(this.two, 6));
		this.views.asked(this.a);
		this.views.asked(this.b);
		passes(Duration.ofDays(1));

		this.views.failed(this.a, new IllegalStateException("Away"));
		this.views.failed(this.b, new IllegalStateException("Away"));

		assertThat(serving()).isSameAs(this.two);
	}

	@Test
	void hintCountsUntilItsSourceSaysMore() {
		says(this.a, new Claim(this.one, 5));
		says(this.b, new Claim(this.one, 5));
		this.views.asked(this.a);

		this.views.hinted(this.a, 0, this.one, this.two);
		assertThat(serving()).isSameAs(this.two);
		this.views.said(this.a, ServerView.of(new Claim(this.one, 5)));
		assertThat(serving()).as("By an answer to what was asked before").isSameAs(this.two);
		says(this.b, new Claim(this.one, 5));
		assertThat(serving()).as("By one who has not heard of it").isSameAs(this.two);

		says(this.a, new Claim(this.three, 7));
		assertThat(serving()).isSameAs(this.three);
	}

	@Test
	void hintAboutAnotherServerIsOldNews() {
		says(this.a, new Claim(this.three, 5));

		this.views.hinted(this.b, 0, this.one, this.two);

		assertThat(serving()).isSameAs(this.three);
	}

	@Test
	void hintIsOverWithALaterClaimOrTheSame() {
		says(this.a, new Claim(this.one, 5));
		this.views.hinted(this.c, 0, this.one, this.two);

		says(this.a, new Claim(this.two, 6));
		says(this.a, new Claim(this.one, 5));

		assertThat(serving()).isSameAs(this.one);
	}

	@Test
	void hintOfSilentServerDoesNotStay() {
		says(this.a, new Claim(this.one, 5));
		this.views.hinted(this.c, 0, this.one, this.two);
		says(this.a, new Claim(this.one, 5));
		assertThat(serving()).isSameAs(this.two);

		passes(Duration.ofSeconds(11));
		says(this.a, new Claim(this.one, 5));

		assertThat(serving()).isSameAs(this.one);
	}

	@Test
	void twoAddressesOfOneServerDoNotAlternate() {
		says(this.a, new Claim(this.one, 5));

		for (int i = 0; i < 3; i++) {
			says(this.b, new Claim(this.two, 5));
			assertThat(serving()).isSameAs(this.one);
			says(this.a, new Claim(this.one, 5));
			assertThat(serving()).isSameAs(this.one);
		}
	}

	@Test
	void serverThatCameBackElsewhereIsFound() {
		says(this.a, new Claim(this.one, 5));
		says(this.b, new Claim(this.one, 5));
		this.views.asked(this.a);
		this.views.failed(this.a, new IllegalStateException("Away"));

		says(this.b, new Claim(this.two, 5));

		assertThat(serving()).isSameAs(this.two);
	}

	@Test
	void masterStaysWhileItSaysSoAndAnswers() {
		says(this.a, new Claim(this.one, 0));
		says(this.b, new Claim(this.two, 0));
		assertThat(serving()).isSameAs(this.one);

		this.views.asked(this.a);
		says(this.b, new Claim(this.two, 0));
		assertThat(serving()).as("Its answer is on its way").isSameAs(this.one);
		passes(Duration.ofSeconds(2));
		says(this.b, new Claim(this.two, 0));

		assertThat(serving()).isSameAs(this.two);
	}

	@Test
	void masterThatBecameAReplicaIsLeft() {
		says(this.a, new Claim(this.one, 0));
		says(this.b, null);

		says(this.a, null);
		assertThat(serving()).as("There is none").isSameAs(this.one);
		says(this.b, new Claim(this.two, 0));

		assertThat(serving()).isSameAs(this.two);
	}

	@Test
	void allServersHaveTheirTurn() {
		Set<RedisURI> members = IntStream.range(0, 23).mapToObj((i) -> uri("m" + i)).collect(Collectors.toSet());
		this.views.asked(this.a);
		this.views.said(this.a, new ServerView(new Claim[] { new Claim(this.one, 1) }, members));

		Set<RedisURI> asked = new HashSet<>();
		for (int i = 0; i < 5; i++) {
			List<RedisURI> next = this.views.next(List.of(this.a));
			assertThat(next).hasSize(5);
			next.forEach((source) -> {
				this.views.asked(source);
				this.views.said(source, new ServerView(new Claim[] { new Claim(this.one, 1) }, members));
			});
			asked.addAll(next);
		}

		assertThat(asked).containsAll(members);
	}

	@Test
	void serverWithAnOpenQuestionIsNotAskedAgain() {
		this.views.asked(this.a);

		assertThat(this.views.next(List.of(this.a, this.b))).containsExactly(this.b);
	}

	@Test
	void serverThatNoneKnowsOfIsForgotten() {
		says(this.a, Set.of(this.a, this.b), new Claim(this.one, 1));
		says(this.b, Set.of(this.b), new Claim(this.two, 9));

		says(this.a, Set.of(this.a), new Claim(this.one, 1));

		assertThat(this.views.next(List.of(this.a))).containsExactly(this.a);
		says(this.a, new Claim(this.one, 1));
		assertThat(serving()).isSameAs(this.one);
	}

	@Test
	void slotOfEachServerIsItsOwn() {
		says(this.a, Set.of(), new Claim(this.one, 1), new Claim(this.two, 2), null);
		says(this.b, Set.of(), new Claim(this.two, 3), null, null);

		Routes routes = this.views.routes();
		assertThat(routes).isNotNull();
		assertThat(routes.nodes()).containsExactly(this.two);
		this.views.hinted(this.a, 1, this.two, this.three);
		assertThat(this.views.routes()).isNotNull()
			.extracting((now) -> List.of(now.serving(0), now.serving(1)))
			.isEqualTo(List.of(this.two, this.three));
	}

	private void says(RedisURI source, @Nullable Claim claim) {
		says(source, Set.of(), claim);
	}

	private void says(RedisURI source, Set<RedisURI> members, @Nullable Claim... claims) {
		this.views.asked(source);
		this.views.said(source, new ServerView(Arrays.copyOf(claims, claims.length), members));
	}

	private void passes(Duration time) {
		this.now += time.toNanos();
	}

	private @Nullable ServerNode serving() {
		Routes routes = this.views.routes();
		return (routes != null) ? routes.serving(0) : null;
	}

	private static ServerNode node(String name) {
		return new ServerNode(uri(name));
	}

	private static RedisURI uri(String name) {
		return RedisURI.create("redis://" + name);
	}

}
