import { get, post } from '../api.js';
import * as format from '../format.js';
import { Action, Facts, Filter, Loading, Pager, Table, href, navigate, useLive } from '../ui.js';
import { Subscriptions } from './overview.js';

const { h, Fragment } = window.preact;
const { useState } = window.preactHooks;

// One that asked for something lately is in use, and would come back.
const CONSUMER_IDLE = 60000;

export function Streams() {
	const [page, setPage] = useState(1);
	const [text, setText] = useState('');
	const { data, error } = useLive(() => get('streams', { page, q: text }), `streams ${page} ${text}`, 5000);
	return h(Fragment, null,
		h('h1', null, 'Streams'),
		h(Filter, { label: 'Filter by name', value: text, onChange: (value) => {
			setPage(1);
			setText(value);
		} }),
		h(Loading, { data, error }),
		data && h(Table, { label: 'Streams', rows: data.items, rowKey: (row) => row.stream, empty: 'No streams', columns: [
			['Stream', (row) => h('a', { href: href('stream', { stream: row.stream }) }, row.stream)],
			['Entries', (row) => row.problem ? h('span', { class: 'problem' }, row.problem) : h('a', { href: href('messages', { stream: row.stream }),
				'aria-label': `${format.count(row.length)} entries of ${row.stream}` }, format.count(row.length)), 'number'],
			['Memory', (row) => format.bytes(row.bytes), 'number'],
			['Lag', (row) => format.count(row.lag), 'number'],
			['Pending', (row) => format.count(row.pending), 'number'],
			['Dead letters', (row) => row.deadLetters ? h('a', { href: href('dead-letters', { stream: row.stream }),
				'aria-label': `${format.count(row.deadLetters)} dead letters of ${row.stream}` },
				format.count(row.deadLetters)) : '0', 'number'],
			['Subscriptions', (row) => format.count(row.subscriptions), 'number'],
			['Cron jobs', (row) => format.count(row.cronJobs), 'number']
		] }),
		data && h(Pager, { page: data, onPage: setPage }));
}

export function Stream({ parameters }) {
	const { stream } = parameters;
	const [page, setPage] = useState(1);
	const { data, error, reload } = useLive(() => get('stream', { stream, page }), `stream ${stream} ${page}`, 5000);
	return h(Fragment, null,
		h('h1', null, `Stream ${stream}`),
		h(Links, { stream }),
		h(Loading, { data, error }),
		data?.problem && h('p', { class: 'problem', role: 'alert' }, data.problem),
		data && h(Facts, { label: 'Stream', items: [
			['Entries', (data.length === null) ? 'There is no such key in Redis yet' : format.count(data.length)],
			['First entry', data.firstId ?? format.UNKNOWN],
			['Last entry', data.lastId ?? format.UNKNOWN],
			...data.deadLetterStreams.map((place) => [`Dead letters in ${place.name}`,
				h('a', { href: href('dead-letters', { stream, place: place.name }) }, format.count(place.length)),
				place.length ? 'bad' : undefined])
		] }),
		data && h('h2', null, 'Groups'),
		data && h(Table, { label: 'Groups', rows: data.groups.items, rowKey: (row) => row.name, empty: 'No groups', columns: [
			['Group', (row) => h('a', { href: href('group', { stream, group: row.name }) }, row.name)],
			['Consumers', (row) => format.count(row.consumers), 'number'],
			['Lag', (row) => format.count(row.lag), 'number'],
			['Pending', (row) => format.count(row.pending), 'number'],
			['Last delivered', (row) => row.lastDeliveredId, 'number']
		] }),
		data && h(Pager, { page: data.groups, onPage: setPage }),
		data && h('h2', null, 'Subscriptions of this application'),
		data && h(Subscriptions, { rows: data.subscriptions, reload }));
}

export function Links({ stream }) {
	return h('nav', { class: 'links', 'aria-label': `Stream ${stream}` },
		h('a', { href: href('stream', { stream }) }, 'Groups'),
		h('a', { href: href('messages', { stream }) }, 'Messages'),
		h('a', { href: href('dead-letters', { stream }) }, 'Dead letters'));
}

export function Group({ parameters }) {
	const { stream, group, after } = parameters;
	const [page, setPage] = useState(1);
	const { data, error, reload } = useLive(() => get('group', { stream, group, after, page }),
		`group ${stream} ${group} ${after} ${page}`, 5000);
	return h(Fragment, null,
		h('h1', null, `Group ${group}`),
		h(Links, { stream }),
		h(Loading, { data, error }),
		data && h(Facts, { label: 'Group', items: [
			['Stream', h('a', { href: href('stream', { stream }) }, stream)],
			['Unread (lag)', format.count(data.group.lag)],
			['Pending', format.count(data.group.pending)],
			['Last delivered', data.group.lastDeliveredId]
		] }),
		data && h('h2', null, 'Consumers'),
		data && h(Table, { label: 'Consumers', rows: data.consumers.items, rowKey: (row) => row.name, empty: 'No consumers', columns: [
			['Consumer', (row) => row.name],
			['Pending', (row) => format.count(row.pending), 'number'],
			['Idle', (row) => format.duration(row.idle), 'number'],
			['Actions', (row) => (row.pending === 0 && row.idle >= CONSUMER_IDLE) && h(Action, { label: 'Delete', about: row.name, danger: true,
				confirm: `Delete the consumer ${row.name} from the group?`, done: reload,
				run: () => post('consumer/delete', { stream, group, consumer: row.name }) }), 'actions']
		] }),
		data && h(Pager, { page: data.consumers, onPage: setPage }),
		data && h('h2', null, 'Pending entries'),
		data && h(Table, { label: 'Pending entries', rows: data.pending, rowKey: (row) => row.id, empty: 'Nothing is pending', columns: [
			['Entry', (row) => h('a', { href: href('message', { stream, id: row.id }) }, row.id)],
			['Consumer', (row) => row.consumer],
			['Since', (row) => format.duration(row.idle), 'number'],
			['Deliveries', (row) => format.count(row.deliveries), 'number'],
			['Actions', (row) => data.own && h(Action, { label: 'Retry now', about: row.id, done: reload,
				run: () => post('message/retry', { stream, group, id: row.id }) }), 'actions']
		] }),
		data && h('div', { class: 'buttons' },
			after && h('button', { type: 'button', onClick: () => navigate('group', { stream, group }) }, 'Oldest'),
			data.pending.length === 25 && h('button', { type: 'button',
				onClick: () => navigate('group', { stream, group, after: data.pending.at(-1).id }) }, 'More pending')));
}
