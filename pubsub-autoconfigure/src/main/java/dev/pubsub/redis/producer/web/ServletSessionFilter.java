package dev.pubsub.redis.producer.web;

import java.io.IOException;

import dev.pubsub.redis.producer.ScopedSessions;
import dev.pubsub.redis.producer.SessionFlush;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives each servlet request a session per producer, and commits or drops it at the end
 * of the request. With {@link SessionFlush#REQUEST_END} that is after the handler has
 * returned: the client may have its answer by then, and a failure to publish is only
 * logged.
 *
 * @since 0.1.0
 */
public final class ServletSessionFilter extends OncePerRequestFilter {

	static final String SESSIONS = ServletSessionFilter.class.getName() + ".SESSIONS";

	private final RequestEnd end;

	/**
	 * Create a filter.
	 * @param flush what happens at the end of a request
	 */
	public ServletSessionFilter(SessionFlush flush) {
		this.end = new RequestEnd(flush);
	}

	@Override
	protected boolean shouldNotFilterAsyncDispatch() {
		return false;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		ScopedSessions sessions = sessions(request);
		boolean returned = false;
		try {
			chain.doFilter(request, response);
			returned = true;
		}
		finally {
			if (!returned) {
				this.end.drop(sessions, describe(request));
			}
		}
		if (isAsyncStarted(request)) {
			request.getAsyncContext().addListener(new EndOfAsyncRequest(sessions), request, response);
		}
		else {
			finish(sessions, request, response.getStatus());
		}
	}

	private void finish(ScopedSessions sessions, HttpServletRequest request, int status) {
		if (this.end.commits(status)) {
			sessions.commit();
		}
		else {
			this.end.drop(sessions, describe(request));
		}
	}

	private static ScopedSessions sessions(HttpServletRequest request) {
		ScopedSessions sessions = (ScopedSessions) request.getAttribute(SESSIONS);
		if (sessions == null) {
			sessions = ScopedSessions.ofOneThread();
			request.setAttribute(SESSIONS, sessions);
		}
		return sessions;
	}

	private static String describe(HttpServletRequest request) {
		return request.getMethod() + " " + request.getRequestURI();
	}

	/**
	 * Sees the end of requests that are completed without another dispatch.
	 */
	private final class EndOfAsyncRequest implements AsyncListener {

		private final ScopedSessions sessions;

		EndOfAsyncRequest(ScopedSessions sessions) {
			this.sessions = sessions;
		}

		@Override
		public void onComplete(AsyncEvent event) {
			HttpServletRequest request = (HttpServletRequest) event.getSuppliedRequest();
			HttpServletResponse response = (HttpServletResponse) event.getSuppliedResponse();
			finish(this.sessions, request, response.getStatus());
		}

		@Override
		public void onTimeout(AsyncEvent event) {
			// A dispatch or the completion follows.
		}

		@Override
		public void onError(AsyncEvent event) {
			ServletSessionFilter.this.end.drop(this.sessions,
					describe((HttpServletRequest) event.getSuppliedRequest()));
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
			event.getAsyncContext().addListener(this, event.getSuppliedRequest(), event.getSuppliedResponse());
		}

	}

}
