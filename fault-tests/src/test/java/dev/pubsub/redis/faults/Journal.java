package dev.pubsub.redis.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What one process did, in a file that outlives it: a line per entry, written at once, so
 * that {@code kill -9} loses none. Times are those of {@link System#nanoTime()}, which
 * all processes of a machine share. Thread-safe.
 */
final class Journal implements AutoCloseable {

	private final FileChannel file;

	private Journal(FileChannel file) {
		this.file = file;
	}

	static Journal open(Path path) {
		try {
			return new Journal(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void write(String what, String id, int attempt, String detail) {
		String line = System.nanoTime() + " " + what + " " + id + " " + attempt + " " + detail + "\n";
		ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
		try {
			synchronized (this) {
				this.file.write(bytes);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void write(String what) {
		write(what, "-", 0, "");
	}

	@Override
	public void close() throws IOException {
		this.file.close();
	}

	static List<Entry> read(Path path, String process) {
		try {
			if (!Files.exists(path)) {
				return List.of();
			}
			String text = Files.readString(path);
			List<Entry> entries = new ArrayList<>();
			int start = 0;
			for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
				entries.add(Entry.parse(process, text.substring(start, end)));
				start = end + 1;
			}
			return entries;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * One line.
	 *
	 * @param process who wrote it
	 * @param nanos when
	 * @param what what happened
	 * @param id id of the message, {@code -} for none
	 * @param attempt number of the attempt, 0 for none
	 * @param detail more, may be empty
	 */
	record Entry(String process, long nanos, String what, String id, int attempt, String detail) {

		static Entry parse(String process, String line) {
			String[] parts = line.split(" ", 5);
			return new Entry(process, Long.parseLong(parts[0]), parts[1], parts[2], Integer.parseInt(parts[3]),
					parts[4]);
		}

	}

}
