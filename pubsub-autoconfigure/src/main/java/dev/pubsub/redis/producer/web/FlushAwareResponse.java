package dev.pubsub.redis.producer.web;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Response that does something before the first bytes go to the client: when it is
 * flushed or closed, or when its buffer is about to overflow. When that fails, the
 * headers that describe the body are forgotten: another one may follow, which describes
 * the error.
 */
final class FlushAwareResponse extends HttpServletResponseWrapper {

	private static final long UNKNOWN = -1;

	private static final List<String> BODY_HEADERS = List.of("Content-Encoding", "Content-Range", "ETag",
			"Last-Modified");

	private final Runnable beforeFlush;

	private @Nullable ServletOutputStream stream;

	private @Nullable PrintWriter writer;

	private long contentLength = UNKNOWN;

	private long written;

	FlushAwareResponse(HttpServletResponse response, Runnable beforeFlush) {
		super(response);
		this.beforeFlush = beforeFlush;
	}

	@Override
	public void setContentLength(int length) {
		this.contentLength = length;
		super.setContentLength(length);
	}

	@Override
	public void setContentLengthLong(long length) {
		this.contentLength = length;
		super.setContentLengthLong(length);
	}

	@Override
	public void setHeader(String name, @Nullable String value) {
		takeContentLength(name, value);
		super.setHeader(name, value);
	}

	@Override
	public void addHeader(String name, String value) {
		takeContentLength(name, value);
		super.addHeader(name, value);
	}

	@Override
	public void setIntHeader(String name, int value) {
		takeContentLength(name, Integer.toString(value));
		super.setIntHeader(name, value);
	}

	@Override
	public void addIntHeader(String name, int value) {
		takeContentLength(name, Integer.toString(value));
		super.addIntHeader(name, value);
	}

	@Override
	public void flushBuffer() throws IOException {
		beforeFlush();
		super.flushBuffer();
	}

	@Override
	public void resetBuffer() {
		super.resetBuffer();
		this.written = 0;
	}

	@Override
	public void reset() {
		super.reset();
		this.written = 0;
		this.contentLength = UNKNOWN;
		// A handler may take the writer now that it had a stream, and the other way
		// round.
		this.stream = null;
		this.writer = null;
	}

	@Override
	public void sendRedirect(String location) throws IOException {
		beforeFlush();
		super.sendRedirect(location);
	}

	@Override
	public ServletOutputStream getOutputStream() throws IOException {
		if (this.stream == null) {
			this.stream = new FlushAwareStream(super.getOutputStream());
		}
		return this.stream;
	}

	@Override
	public PrintWriter getWriter() throws IOException {
		if (this.writer == null) {
			this.writer = new PrintWriter(new FlushAwareWriter(super.getWriter()));
		}
		return this.writer;
	}

	private void takeContentLength(String name, @Nullable String value) {
		if ("Content-Length".equalsIgnoreCase(name)) {
			this.contentLength = (value != null) ? Long.parseLong(value) : UNKNOWN;
		}
	}

	private void beforeFlush() {
		if (isCommitted()) {
			return;
		}
		try {
			this.beforeFlush.run();
		}
		catch (RuntimeException ex) {
			forgetBody();
			throw ex;
		}
	}

	private void forgetBody() {
		setContentLengthLong(UNKNOWN);
		for (String header : BODY_HEADERS) {
			setHeader(header, null);
		}
	}

	private void beforeWrite(int count) {
		long limit = (this.contentLength != UNKNOWN) ? Math.min(this.contentLength, getBufferSize()) : getBufferSize();
		boolean flushes = this.written + count >= limit;
		this.written += count;
		if (flushes) {
			beforeFlush();
		}
	}

	private final class FlushAwareStream extends ServletOutputStream {

		private final ServletOutputStream delegate;

		FlushAwareStream(ServletOutputStream delegate) {
			this.delegate = delegate;
		}

		@Override
		public void write(int value) throws IOException {
			beforeWrite(1);
			this.delegate.write(value);
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			beforeWrite(length);
			this.delegate.write(bytes, offset, length);
		}

		@Override
		public void flush() throws IOException {
			beforeFlush();
			this.delegate.flush();
		}

		@Override
		public void close() throws IOException {
			beforeFlush();
			this.delegate.close();
		}

		@Override
		public boolean isReady() {
			return this.delegate.isReady();
		}

		@Override
		public void setWriteListener(WriteListener listener) {
			this.delegate.setWriteListener(listener);
		}

	}

	private final class FlushAwareWriter extends FilterWriter {

		FlushAwareWriter(Writer delegate) {
			super(delegate);
		}

		@Override
		public void write(int character) throws IOException {
			beforeWrite(1);
			super.write(character);
		}

		@Override
		public void write(char[] characters, int offset, int length) throws IOException {
			beforeWrite(length);
			super.write(characters, offset, length);
		}

		@Override
		public void write(String text, int offset, int length) throws IOException {
			beforeWrite(length);
			super.write(text, offset, length);
		}

		@Override
		public void flush() throws IOException {
			beforeFlush();
			super.flush();
		}

		@Override
		public void close() throws IOException {
			beforeFlush();
			super.close();
		}

	}

}
