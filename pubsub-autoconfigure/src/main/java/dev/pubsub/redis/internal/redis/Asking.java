package dev.pubsub.redis.internal.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;

/**
 * Permits the command behind it, whose key is on its way to the server. Where the user
 * has no right to ask, that is why the command is not executed, which the server does not
 * say then.
 */
final class Asking extends Command<byte[], byte[], String> {

	private final WatchedCommand<?> command;

	Asking(WatchedCommand<?> command) {
		super(CommandType.ASKING, new StatusOutput<>(ByteArrayCodec.INSTANCE));
		this.command = command;
	}

	@Override
	public void complete() {
		super.complete();
		String error = (getOutput() != null && getOutput().hasError()) ? getOutput().getError() : null;
		if (error != null) {
			this.command.setRefusal(error);
		}
	}

}
