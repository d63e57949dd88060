package dev.pubsub.redis.test;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A plain socket that speaks RESP2, one command at a time, to the node of a cluster or a
 * Sentinel. Other than a driver's connection it never reconnects, redirects or waits for
 * long, so that a test's view of a broken server is the server's own. Not thread-safe.
 */
final class RawConnection implements AutoCloseable {

	private static final byte[] END_OF_LINE = { '\r', '\n' };

	private final Socket socket = new Socket();

	private final InputStream replies;

	RawConnection(int port, Duration timeout) {
		try {
			int millis = (int) timeout.toMillis();
			this.socket.setTcpNoDelay(true);
			this.socket.connect(new InetSocketAddress(RedisLauncher.HOST, port), millis);
			this.socket.setSoTimeout(millis);
			this.replies = new BufferedInputStream(this.socket.getInputStream());
		}
		catch (IOException ex) {
			close();
			throw new UncheckedIOException("No connection to port " + port, ex);
		}
	}

	/**
	 * Send a command and wait for the reply.
	 * @param args the command and its arguments
	 * @return a string, a {@code Long}, a list of these, or {@code null}
	 * @throws IllegalStateException if the server answers with an error
	 * @throws UncheckedIOException if it does not answer
	 */
	@Nullable Object send(String... args) {
		try {
			ByteArrayOutputStream command = new ByteArrayOutputStream();
			write(command, "*" + args.length);
			for (String arg : args) {
				byte[] bytes = arg.getBytes(StandardCharsets.UTF_8);
				write(command, "$" + bytes.length);
				command.write(bytes);
				command.write(END_OF_LINE);
			}
			this.socket.getOutputStream().write(command.toByteArray());
			return read();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("No reply to " + args[0], ex);
		}
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void write(ByteArrayOutputStream command, String line) throws IOException {
		command.write(line.getBytes(StandardCharsets.US_ASCII));
		command.write(END_OF_LINE);
	}

	private @Nullable Object read() throws IOException {
		String line = readLine();
		String rest = line.substring(1);
		return switch (line.charAt(0)) {
			case '+' -> rest;
			case '-' -> throw new IllegalStateException(rest);
			case ':' -> Long.parseLong(rest);
			case '$' -> readText(Integer.parseInt(rest));
			case '*' -> readList(Integer.parseInt(rest));
			default -> throw new IOException("Not a reply: " + line);
		};
	}

	private @Nullable String readText(int length) throws IOException {
		if (length < 0) {
			return null;
		}
		byte[] text = this.replies.readNBytes(length);
		this.replies.skipNBytes(END_OF_LINE.length);
		return new String(text, StandardCharsets.UTF_8);
	}

	private @Nullable List<@Nullable Object> readList(int size) throws IOException {
		if (size < 0) {
			return null;
		}
		List<@Nullable Object> list = new ArrayList<>(size);
		for (int i = 0; i < size; i++) {
			list.add(read());
		}
		return list;
	}

	private String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		int next = this.replies.read();
		while (next != '\r') {
			if (next < 0) {
				throw new EOFException();
			}
			line.append((char) next);
			next = this.replies.read();
		}
		this.replies.skipNBytes(1);
		return line.toString();
	}

}
