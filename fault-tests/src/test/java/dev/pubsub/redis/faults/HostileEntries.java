package dev.pubsub.redis.faults;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.EntryFields;

/**
 * Entries that nobody means well with, by what is wrong with them. All fit into memory;
 * what does not, the server makes.
 */
final class HostileEntries {

	private static final byte[] BAD_UTF_8 = { (byte) 0xc3, 0x28, (byte) 0xff, (byte) 0xfe, 0, (byte) 0xed, (byte) 0xa0,
			(byte) 0x80 };

	private final Map<String, EntryFields> entries = new LinkedHashMap<>();

	private HostileEntries() {
		payloads();
		classes();
		fields();
		headers();
	}

	static Map<String, EntryFields> all() {
		return new HostileEntries().entries;
	}

	private void payloads() {
		json("arrays nested 100,000 deep", "[".repeat(100_000) + "]".repeat(100_000));
		json("objects nested 50,000 deep", "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000));
		json("nesting that never ends", "[".repeat(500_000));
		json("a number of 3,000,000 digits", "{\"amount\":" + "9".repeat(3_000_000) + "}");
		json("a fraction of 1,000,000 digits", "{\"amount\":0." + "3".repeat(1_000_000) + "}");
		json("an exponent out of this world", "{\"amount\":1e999999999}");
		json("a key of 1,000,000 letters", "{\"" + "k".repeat(1_000_000) + "\":1}");
		json("100,000 keys", "{" + "\"a\":1,".repeat(100_000) + "\"name\":\"x\"}");
		json("100,000 elements", "{\"lines\":[" + "\"\",".repeat(100_000) + "\"\"]}");
		json("an escape that ends early", "{\"name\":\"\\u12");
		json("half a surrogate pair", "{\"name\":\"\\ud800\"}");
		json("terminal commands", "{\"name\":\"\\u001b[2J\\r\\nFAKE LOG LINE\"}\u001b[2J\r\nERROR fake");
		json("something behind the end", "{\"name\":\"x\"} {\"name\":\"y\"}");
		json("no JSON", "<xml/>");
		json("NaN", "{\"amount\":NaN}");
		json("null", "null");
		json("nothing", "");
		json("blanks", " ".repeat(1_000_000));
		json("the right shape with the wrong types", "{\"name\":[],\"amount\":{},\"lines\":7}");
		add("bad UTF-8", "__H_payload", BAD_UTF_8, "payload", BAD_UTF_8);
		add("a byte order mark", "payload", new byte[] { (byte) 0xfe, (byte) 0xff, 0, '{', 0, '}' });
	}

	private void classes() {
		json("@class", "{\"@class\":\"javax.naming.InitialContext\",\"name\":\"x\"}");
		json("@class first in an array", "[\"java.util.ArrayList\",[\"com.sun.rowset.JdbcRowSetImpl\",{}]]");
		json("@c", "{\"@c\":\".Thing\",\"name\":{\"@class\":\"java.lang.ProcessBuilder\"}}");
		json("@type", "{\"@type\":\"java.net.URL\",\"val\":\"http://localhost:1/\"}");
	}

	private void fields() {
		add("an empty name", "", bytes("x"));
		add("empty name and value", "", new byte[0]);
		add("a name in bad UTF-8", new String(BAD_UTF_8, StandardCharsets.ISO_8859_1), BAD_UTF_8);
		add("the payload twice", "payload", bytes("{\"name\":\"x\"}"), "payload", bytes("{\"name\":\"y\"}"));
		EntryFields.Builder many = EntryFields.builder();
		for (int i = 0; i < 200_000; i++) {
			many.add("f" + i, "");
		}
		this.entries.put("200,000 fields", many.build());
		EntryFields.Builder deep = EntryFields.builder();
		for (int i = 0; i < 2_000; i++) {
			deep.add("a.b[" + i + "]." + "c.".repeat(100), "1");
		}
		this.entries.put("paths as names", deep.build());
		this.entries.put("3,700 fields", sameFields(3_700));
		this.entries.put("4,100 fields", sameFields(4_100));
	}

	private void headers() {
		EntryFields.Builder forged = EntryFields.builder();
		for (String name : List.of("STREAM", "ID", "GROUP", "CONSUMER", "ATTEMPTS", "REASON", "TIME", "EXCEPTION",
				"MESSAGE", "STACKTRACE")) {
			forged.add("__DLQ_" + name, "\u001b[31mforged\r\n");
		}
		this.entries.put("forged __DLQ_*", forged.add("payload", "{").build());
		EntryFields.Builder headers = EntryFields.builder().add("payload", "{");
		for (String name : List.of("id", "contentType", "type", "timestamp", "traceparent", "attempt", "reply")) {
			headers.add("__H_" + name, "../../etc/passwd\u0000");
		}
		this.entries.put("forged __H_*", headers.build());
		add("a header without a name", "__H_", bytes("x"), "payload", bytes("{\"name\":\"x\"}"));
		add("a content type that is none", "__CONTENT_TYPE", bytes("application/x-java-serialized-object"), "payload",
				new byte[] { (byte) 0xac, (byte) 0xed, 0, 5 });
		add("a trace that is none", "__H_traceparent", bytes("00-" + "f".repeat(100_000) + "-01"), "payload",
				bytes("{\"name\":\"x\"}"));
		add("a long header", "__H_" + "n".repeat(200_000), bytes("v".repeat(200_000)), "payload", bytes("7"));
	}

	private static EntryFields sameFields(int count) {
		EntryFields.Builder fields = EntryFields.builder();
		for (int i = 0; i < count; i++) {
			fields.add("name", "x");
		}
		return fields.build();
	}

	private void json(String what, String payload) {
		add(what, "payload", bytes(payload));
	}

	private void add(String what, Object... namesAndValues) {
		List<byte[]> all = new ArrayList<>();
		for (Object text : namesAndValues) {
			all.add((text instanceof byte[] value) ? value : bytes((String) text));
		}
		this.entries.put(what, EntryFields.of(all.toArray(new byte[0][])));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
