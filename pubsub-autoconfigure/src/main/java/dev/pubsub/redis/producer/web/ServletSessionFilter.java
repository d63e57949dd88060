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

import org.springframework.core.Ordered;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives each servlet request a session per producer, and commits or drops it at the end
 * of the request. With {@link SessionFlush#REQUEST_END} that is just before the response
 * goes out, so that a failure to publish becomes an error response. Its order is -104:
 * after {@code RequestContextFilter}, without which a filter knows no request, and before
 * Spring Security. Filters before it have no session.
 *
 * @since 0.1.0
 */
public final class ServletSessionFilter extends OncePerRequestFilter implements Ordered {

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
	public int getOrder() {
		return RequestEnd.ORDER;
	}

	@Override
	protected boolean shouldNotFilterAsyncDispatch() {
		return false;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		ScopedSessions sessions = sessions(request);
		if (isAsyncDispatch(request)) {
			sessions.handOver();
		}
		WebAsyncUtils.getAsyncManager(request).registerCallableInterceptor(SESSIONS, new CallableHandOver(sessions));
		boolean goesOn = false;
		try {
			chain.doFilter(request, wrap(response, sessions));
			goesOn = isAsyncStarted(request);
			if (goesOn) {
				request.getAsyncContext().addListener(new EndOfAsyncRequest(sessions), request, response);
			}
			else {
				flush(sessions, response);
			}
		}
		finally {
			if (!goesOn) {
				this.end.end(sessions, describe(request));
			}
		}
	}

	private HttpServletResponse wrap(HttpServletResponse response, ScopedSessions sessions) {
		return this.end.commits(0) ? new FlushAwareResponse(response, () -> flush(sessions, response)) : response;
	}

	private void flush(ScopedSessions sessions, HttpServletResponse response) {
		if (this.end.commits(response.getStatus())) {
			sessions.flush();
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
			try {
				flush(this.sessions, response);
			}
			finally {
				ServletSessionFilter.this.end.end(this.sessions, describe(request));
			}
		}

		@Override
		public void onTimeout(AsyncEvent event) {
			// A dispatch or the completion follows.
		}

		@Override
		public void onError(AsyncEvent event) {
			ServletSessionFilter.this.end.end(this.sessions, describe((HttpServletRequest) event.getSuppliedRequest()));
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
			event.getAsyncContext().addListener(this, event.getSuppliedRequest(), event.getSuppliedResponse());
		}

	}

}
