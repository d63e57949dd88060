package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.List;

import dev.pubsub.redis.EntryFields;

/**
 * What follows the key in XADD and XTRIM.
 */
final class AddArguments {

	private static final byte[] ANY_ID = StreamCommands.bytes("*");

	private AddArguments() {
	}

	static List<byte[]> of(EntryFields fields, AddOptions options, boolean trimmed) {
		List<byte[]> arguments = new ArrayList<>(2 * fields.size() + 8);
		if (!options.createStream()) {
			arguments.add(StreamCommands.bytes("NOMKSTREAM"));
		}
		AddOptions.Idempotence idempotence = options.idempotence();
		if (idempotence != null) {
			arguments.add(StreamCommands.bytes("IDMP"));
			arguments.add(StreamCommands.bytes(idempotence.producer()));
			arguments.add(StreamCommands.bytes(idempotence.message()));
		}
		if (trimmed) {
			arguments.addAll(trimming(options));
		}
		String id = options.id();
		arguments.add((id != null) ? StreamCommands.bytes(id) : ANY_ID);
		fields.forEach((name, value) -> {
			arguments.add(name);
			arguments.add(value);
		});
		return arguments;
	}

	static List<byte[]> trimming(AddOptions options) {
		Long maxLength = options.maxLength();
		String minId = options.minId();
		String threshold = (maxLength != null) ? maxLength.toString() : minId;
		if (threshold == null) {
			return List.of();
		}
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(StreamCommands.bytes((maxLength != null) ? "MAXLEN" : "MINID"));
		arguments.add(StreamCommands.bytes(options.approximate() ? "~" : "="));
		arguments.add(StreamCommands.bytes(threshold));
		if (options.acknowledgedOnly()) {
			arguments.add(StreamCommands.bytes("ACKED"));
		}
		return arguments;
	}

}
