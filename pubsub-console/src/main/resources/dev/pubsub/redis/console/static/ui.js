// What all pages are made of.

import * as format from './format.js';

const { h, createContext } = window.preact;
const { useCallback, useContext, useEffect, useRef, useState } = window.preactHooks;

// Whether the page follows what happens, what may be done, and how to tell the user.
export const Shell = createContext(null);

// The page's address: its name and its parameters, all after the hash.
export function parseRoute(hash) {
	const [name, query] = hash.replace(/^#\//, '').split('?');
	return { name: name || 'overview', parameters: Object.fromEntries(new URLSearchParams(query ?? '')) };
}

export function href(name, parameters = {}) {
	const query = new URLSearchParams(Object.entries(parameters)
		.filter(([, value]) => value !== undefined && value !== null && value !== ''));
	return `#/${name}${query.size ? `?${query}` : ''}`;
}

export function navigate(name, parameters) {
	window.location.hash = href(name, parameters);
}

// Loads at once, when the key changes, and every few seconds while the page is live and seen.
export function useLive(load, key, every = 2000) {
	const { live } = useContext(Shell);
	const [state, setState] = useState({ data: null, error: null, key });
	const current = useRef(0);
	const latest = useRef(load);
	latest.current = load;
	const reload = useCallback(async () => {
		const run = ++current.current;
		try {
			const data = await latest.current();
			if (run === current.current) {
				setState({ data, error: null, key });
			}
		}
		catch (error) {
			if (run === current.current) {
				setState((before) => ({ data: (before.key === key) ? before.data : null, error, key }));
			}
		}
	}, [key]);
	useEffect(() => {
		reload();
		return () => {
			current.current++;
		};
	}, [reload]);
	useEffect(() => {
		if (!live || !every) {
			return undefined;
		}
		let timer = null;
		const next = () => {
			timer = setTimeout(async () => {
				if (!document.hidden) {
					await reload();
				}
				next();
			}, every);
		};
		next();
		return () => clearTimeout(timer);
	}, [live, every, reload]);
	return { data: (state.key === key) ? state.data : null, error: state.error, reload };
}

export function Loading({ error, data }) {
	if (error) {
		return h('p', { class: 'problem', role: 'alert' }, error.message);
	}
	return data ? null : h('p', { class: 'hint' }, 'Loading …');
}

export function Time({ value }) {
	return value ? h('time', { dateTime: value, title: value }, format.time(value)) : format.UNKNOWN;
}

export function State({ value }) {
	return h('span', { class: `state state-${value}` }, value);
}

export function Facts({ items, label }) {
	return h('dl', { class: 'facts', 'aria-label': label }, items.filter(Boolean).map(([name, value, kind]) =>
		h('div', { key: name, class: kind }, h('dt', null, name), h('dd', { 'data-fact': name }, value))));
}

// Columns are [title, cell, class]; a table that is too wide scrolls by itself.
export function Table({ label, columns, rows, rowKey, empty }) {
	if (rows.length === 0) {
		return h('p', { class: 'hint' }, empty);
	}
	return h('div', { class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': label },
		h('table', null,
			h('thead', null, h('tr', null, columns.map(([title, , kind]) =>
				h('th', { key: title, scope: 'col', class: kind }, title)))),
			h('tbody', null, rows.map((row) => h('tr', { key: rowKey(row), 'data-key': rowKey(row) },
				columns.map(([title, cell, kind], index) => h((index === 0) ? 'th' : 'td',
					{ key: title, class: kind, scope: (index === 0) ? 'row' : undefined }, cell(row))))))));
}

export function Pager({ page, onPage }) {
	const last = Math.max(1, Math.ceil(page.total / page.size));
	if (last === 1) {
		return h('p', { class: 'hint' }, `${format.count(page.total)} in all`);
	}
	return h('nav', { class: 'pager', 'aria-label': 'Pages' },
		h('button', { type: 'button', disabled: page.page <= 1, onClick: () => onPage(page.page - 1) }, 'Previous'),
		h('span', null, `Page ${page.page} of ${last}, ${format.count(page.total)} in all`),
		h('button', { type: 'button', disabled: page.page >= last, onClick: () => onPage(page.page + 1) }, 'Next'));
}

export function Filter({ label, value, onChange }) {
	return h('label', { class: 'filter' }, label,
		h('input', { type: 'search', value, onInput: (event) => onChange(event.currentTarget.value) }));
}

// A button that does something on the server, and says how that went.
export function Action({ label, about, run, confirm, danger, done }) {
	const { may, tell, ask } = useContext(Shell);
	const [busy, setBusy] = useState(false);
	if (!may) {
		return null;
	}
	const act = async () => {
		if (confirm && !await ask({ question: confirm, label, danger })) {
			return;
		}
		setBusy(true);
		try {
			const result = await run();
			tell(result?.message ?? 'Done.');
		}
		catch (error) {
			tell(error.message, true);
		}
		finally {
			setBusy(false);
			done?.();
		}
	};
	return h('button', { type: 'button', class: danger ? 'danger' : undefined, disabled: busy, onClick: act,
		'aria-label': about ? `${label} ${about}` : undefined }, label);
}

export function Question({ question, label, danger, answer }) {
	const dialog = useRef(null);
	useEffect(() => {
		dialog.current.showModal();
	}, []);
	return h('dialog', { ref: dialog, 'aria-label': label, onClose: () => answer(dialog.current.returnValue === 'yes') },
		h('p', null, question),
		h('div', { class: 'buttons' },
			h('button', { type: 'button', onClick: () => dialog.current.close('no') }, 'Cancel'),
			h('button', { type: 'button', class: danger ? 'danger' : 'primary',
				onClick: () => dialog.current.close('yes') }, label)));
}

export function Fields({ fields, size, payloads }) {
	return h('div', null,
		h(Table, { label: 'Fields', rows: fields, rowKey: (field) => field.name, empty: 'No fields', columns: [
			['Field', (field) => h('code', null, field.name)],
			['Size', (field) => format.bytes(field.bytes), 'number'],
			['Value', (field) => (field.text === null) ? h('span', { class: 'hint' }, 'not shown')
				: h('pre', null, pretty(field), field.cut ? ' …' : '')]
		] }),
		(size > fields.length) && h('p', { class: 'hint' }, `${format.count(size - fields.length)} fields more`),
		!payloads && h('p', { class: 'hint' }, 'Values are shown with ', h('code', null, 'pubsub.console.show-payloads=true'),
			'.'));
}

function pretty(field) {
	if (field.binary) {
		return `0x${field.text}`;
	}
	if (!field.cut && /^\s*[[{]/.test(field.text)) {
		try {
			return JSON.stringify(JSON.parse(field.text), null, 2);
		}
		catch {
			return field.text;
		}
	}
	return field.text;
}
