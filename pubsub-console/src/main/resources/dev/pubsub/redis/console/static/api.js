// Requests to the server. All addresses are relative to the page, so that it works behind any path.

let token = null;

async function request(path, options) {
	let response;
	try {
		response = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...options });
	}
	catch {
		throw new Error('The application does not answer.');
	}
	if (!(response.headers.get('Content-Type') ?? '').startsWith('application/json')) {
		throw new Error((response.redirected || [401, 403].includes(response.status))
			? 'You are not logged in any more, or may not do this. Reload the page.'
			: `The application answered with status ${response.status}.`);
	}
	const header = response.headers.get('X-PubSub-Csrf-Header');
	if (header) {
		token = { header, value: response.headers.get('X-PubSub-Csrf-Token') };
	}
	const body = await response.json();
	if (!response.ok) {
		throw new Error(body.message ?? `The application answered with status ${response.status}.`);
	}
	return body;
}

export function get(name, parameters = {}) {
	const query = new URLSearchParams(Object.entries(parameters)
		.filter(([, value]) => value !== undefined && value !== null && value !== ''));
	return request(`api/${name}?${query}`, { headers: { Accept: 'application/json' } });
}

export function post(name, body) {
	const headers = { 'Accept': 'application/json', 'Content-Type': 'application/json', 'X-PubSub-Console': '1' };
	if (token) {
		headers[token.header] = token.value;
	}
	return request(`api/${name}`, { method: 'POST', headers, body: JSON.stringify(body) });
}
