package dev.pubsub.redis.internal.redis;

import io.lettuce.core.protocol.ProtocolKeyword;

/**
 * A command that runs a script, under a name that says which.
 *
 * @param command the command
 * @param script name of the script
 */
record ScriptKeyword(ProtocolKeyword command, String script) implements ProtocolKeyword {

	@Override
	public byte[] getBytes() {
		return this.command.getBytes();
	}

	@Override
	@SuppressWarnings("deprecation") // Lettuce 6 has no default
	public String name() {
		return this.command.toString();
	}

	@Override
	public String toString() {
		return this.command + " " + this.script;
	}

}
