package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.protocol.RedisStateMachine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The outputs, fed with what servers really send by the driver's own parser.
 */
class ReplyOutputTests {

	@Test
	void keepsEntriesApartOverResp2() {
		String reply = "*1\r\n*2\r\n$1\r\ns\r\n*2\r\n" + entry("1-0", "a", "x") + entry("2-0", "b", "y");

		assertThat(texts(read(EntryListOutput.namedEntries(Long.MAX_VALUE), reply))).containsExactly("1-0 a=x",
				"2-0 b=y");
	}

	@Test
	void keepsEntriesApartOverResp3() {
		String reply = "%1\r\n$1\r\ns\r\n*2\r\n" + entry("1-0", "a", "x") + entry("2-0", "b", "y");

		assertThat(texts(read(EntryListOutput.namedEntries(Long.MAX_VALUE), reply))).containsExactly("1-0 a=x",
				"2-0 b=y");
	}

	@Test
	void readsNothingFromAnEndedWait() {
		assertThat(read(EntryListOutput.namedEntries(Long.MAX_VALUE), "*-1\r\n")).isEmpty();
		assertThat(read(EntryListOutput.namedEntries(Long.MAX_VALUE), "_\r\n")).isEmpty();
	}

	@Test
	void readsEntriesWhoseFieldsAreGone() {
		String reply = "*3\r\n" + entry("1-0", "a", "x") + "*2\r\n$3\r\n2-0\r\n*-1\r\n*2\r\n$3\r\n3-0\r\n_\r\n";

		assertThat(texts(read(EntryListOutput.entries(), reply))).containsExactly("1-0 a=x", "2-0 gone", "3-0 gone");
	}

	@Test
	void readsIdOfNewEntry() {
		assertThat(read(new EntryIdOutput(), "$5\r\n17-42\r\n")).isEqualTo(new EntryId(17, 42));
		assertThat(read(new EntryIdOutput(), "$-1\r\n")).isNull();
		assertThat(read(new EntryIdOutput(), "_\r\n")).isNull();
	}

	@Test
	void readsPendingEntries() {
		String reply = "*3\r\n" + pending("1-0", "$2\r\nc1\r\n", ":17\r\n:2\r\n")
				+ pending("2-0", "$2\r\nc1\r\n", "$2\r\n18\r\n$1\r\n3\r\n")
				+ pending("3-0", "$3\r\n\u00e9c\r\n", ":0\r\n:9999999999\r\n");

		List<PendingEntry> entries = read(new PendingOutput(), reply);

		assertThat(entries).containsExactly(new PendingEntry(new EntryId(1, 0), "c1", 17, 2),
				new PendingEntry(new EntryId(2, 0), "c1", 18, 3),
				new PendingEntry(new EntryId(3, 0), "\u00e9c", 0, Integer.MAX_VALUE));
		assertThat(entries.get(0).consumer()).isSameAs(entries.get(1).consumer());
		assertThat(read(new PendingOutput(), "*0\r\n")).isEmpty();
	}

	@Test
	void readsEntriesThatWereClaimedWithoutPayloads() {
		List<EntryId> ids = List.of(new EntryId(1, 0), new EntryId(2, 0), new EntryId(3, 0), new EntryId(4, 0),
				new EntryId(5, 0));
		String reply = "*10\r\n:-1\r\n$2\r\nc1\r\n:2\r\n:70000\r\n:0\r\n:3\r\n:0\r\n$2\r\nc2\r\n:2\r\n:5\r\n";

		List<TakenEntry> taken = read(new ClaimedOutput(ids), reply);

		assertThat(taken).extracting(TakenEntry::ownership)
			.containsExactly(Ownership.LOST, Ownership.OWNED, Ownership.PAYLOAD_GONE, Ownership.OWNED, Ownership.OWNED);
		assertThat(taken).extracting(TakenEntry::pending)
			.containsExactly(null, new PendingEntry(ids.get(1), "c1", 70000, 2), null,
					new PendingEntry(ids.get(3), "c1", 0, 3), new PendingEntry(ids.get(4), "c2", 5, 2));
		assertThat(taken).noneMatch(TakenEntry::isLeftOut);
	}

	@Test
	void refusesRepliesToAnotherClaim() {
		List<EntryId> ids = List.of(new EntryId(1, 0), new EntryId(2, 0));

		assertThatIllegalStateException().isThrownBy(() -> read(new ClaimedOutput(ids), "*1\r\n:-1\r\n"));
		assertThatIllegalStateException().isThrownBy(() -> read(new ClaimedOutput(ids), "*3\r\n:-1\r\n:-1\r\n:-1\r\n"));
	}

	@Test
	void readsNestedRepliesAsTree() {
		Reply reply = read(new TreeOutput<>((tree) -> tree),
				"%2\r\n$1\r\na\r\n*3\r\n:1\r\n*0\r\n$1\r\nx\r\n$1\r\nb\r\n,1.5\r\n");

		assertThat(reply.get("a").list()).hasSize(3);
		assertThat(reply.get("a").get(0).number()).isEqualTo(1);
		assertThat(reply.get("a").get(1).list()).isEmpty();
		assertThat(reply.get("a").get(2).text()).isEqualTo("x");
		assertThat(reply.get("b").text()).isEqualTo("1.5");
	}

	private static String pending(String id, String consumer, String numbers) {
		return "*4\r\n$" + id.length() + "\r\n" + id + "\r\n" + consumer + numbers;
	}

	@SuppressWarnings("deprecation") // Lettuce 6 has no other constructor
	private static <T> T read(CommandOutput<byte[], byte[], T> output, String reply) {
		ByteBuf buffer = Unpooled.copiedBuffer(reply, StandardCharsets.UTF_8);
		RedisStateMachine machine = new RedisStateMachine(UnpooledByteBufAllocator.DEFAULT);
		machine.setProtocolVersion(ProtocolVersion.RESP3);
		assertThat(machine.decode(buffer, output)).isTrue();
		machine.close();
		return output.get();
	}

	private static String entry(String id, String name, String value) {
		return "*2\r\n$3\r\n" + id + "\r\n*2\r\n$1\r\n" + name + "\r\n$1\r\n" + value + "\r\n";
	}

	private static List<String> texts(List<StreamEntry> entries) {
		return entries.stream().map(ReplyOutputTests::text).toList();
	}

	private static String text(StreamEntry entry) {
		if (entry.fields() == null) {
			return entry.id() + " gone";
		}
		StringBuilder text = new StringBuilder(entry.id().toString());
		entry.fields()
			.forEach((name, value) -> text.append(' ')
				.append(StandardCharsets.UTF_8.decode(ByteBuffer.wrap(name)))
				.append('=')
				.append(StandardCharsets.UTF_8.decode(ByteBuffer.wrap(value))));
		return text.toString();
	}

}
