import { get } from '../api.js';
import * as format from '../format.js';
import { Fields, Loading, Shell, Table, Time, href, navigate, useLive } from '../ui.js';
import { Links } from './streams.js';

const { h, Fragment } = window.preact;
const { useContext } = window.preactHooks;

export function Messages({ parameters }) {
	const { stream, from, to, before } = parameters;
	const { data, error } = useLive(() => get('messages', { stream, from, to, before }), JSON.stringify(parameters),
		before ? 0 : 5000);
	return h(Fragment, null,
		h('h1', null, `Messages of ${stream}`),
		h(Links, { stream }),
		h(Range, { key: `${from} ${to}`, from, to, onRange: (range) => navigate('messages', { stream, ...range }) }),
		h(Loading, { data, error }),
		data && h(Table, { label: 'Messages', rows: data.messages, rowKey: (row) => row.id, empty: 'No messages here', columns: [
			['Id', (row) => h('a', { href: href('message', { stream, id: row.id }) }, row.id)],
			['Added', (row) => h(Time, { value: format.idTime(row.id) })],
			['Fields', (row) => h(Preview, { fields: row.fields }), 'preview']
		] }),
		data && h(Older, { data, before, onOlder: (id) => navigate('messages', { stream, from, to, before: id }) }));
}

// Goes through a stream by ids, which stays quick however long it is.
export function Older({ data, before, onOlder }) {
	return h('div', { class: 'buttons' },
		before && h('button', { type: 'button', onClick: () => onOlder(undefined) }, 'Newest'),
		data.next && h('button', { type: 'button', onClick: () => onOlder(data.next) }, 'Older'));
}

export function Range({ from, to, onRange }) {
	const submit = (event) => {
		event.preventDefault();
		const form = new FormData(event.currentTarget);
		onRange({ from: form.get('from').trim(), to: form.get('to').trim() });
	};
	return h('form', { class: 'range', onSubmit: submit },
		h('label', null, 'From id or time',
			h('input', { name: 'from', defaultValue: from, placeholder: '2026-11-21T10:00:00Z' })),
		h('label', null, 'To id or time',
			h('input', { name: 'to', defaultValue: to, placeholder: '1795253463971-0' })),
		h('button', { type: 'submit' }, 'Show'));
}

export function Preview({ fields }) {
	return h('span', null, fields.filter((field) => !field.name.startsWith('__')).map((field) =>
		h('span', { key: field.name, class: 'field' }, h('code', null, field.name), ' ',
			(field.text === null) ? format.bytes(field.bytes) : field.text, field.cut ? '…' : '', ' ')));
}

export function Message({ parameters }) {
	const { stream, id } = parameters;
	const { payloads } = useContext(Shell);
	const { data, error } = useLive(() => get('message', { stream, id }), `message ${stream} ${id}`, 0);
	return h(Fragment, null,
		h('h1', null, `Message ${id}`),
		h(Links, { stream }),
		h('p', null, 'Added ', h(Time, { value: format.idTime(id) })),
		h(Loading, { data, error }),
		data && h(Fields, { fields: data.fields, size: data.size, payloads }));
}
