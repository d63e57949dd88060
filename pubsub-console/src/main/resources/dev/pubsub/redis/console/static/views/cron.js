import { get, post } from '../api.js';
import { Action, Filter, Loading, Pager, State, Table, Time, href, useLive } from '../ui.js';

const { h, Fragment } = window.preact;
const { useState } = window.preactHooks;

export function Cron() {
	const [page, setPage] = useState(1);
	const [text, setText] = useState('');
	const { data, error, reload } = useLive(() => get('cron', { page, q: text }), `cron ${page} ${text}`);
	return h(Fragment, null,
		h('h1', null, 'Cron jobs'),
		h(Filter, { label: 'Filter by name or stream', value: text, onChange: (value) => {
			setPage(1);
			setText(value);
		} }),
		h(Loading, { data, error }),
		data && h(Table, { label: 'Cron jobs', rows: data.items, rowKey: (row) => `${row.stream} ${row.job}`,
			empty: 'No cron jobs', columns: [
				['Job', (row) => row.job],
				['Stream', (row) => h('a', { href: href('stream', { stream: row.stream }) }, row.stream)],
				['State', (row) => h(State, { value: row.paused ? 'paused' : 'scheduled' })],
				['Fires', (row) => h(Fragment, null, h('code', null, row.expression), ` ${row.zone}`)],
				['Last', (row) => h(Time, { value: row.lastFire })],
				['Next', (row) => h(Next, { row })],
				['Actions', (row) => h(JobActions, { row, done: reload }), 'actions']
			] }),
		data && h(Pager, { page: data, onPage: setPage }));
}

function Next({ row }) {
	if (row.nextFires.length === 0) {
		return row.paused ? 'when it is resumed' : 'never';
	}
	return h('details', null, h('summary', null, h(Time, { value: row.nextFires[0] })),
		h('ol', null, row.nextFires.slice(1).map((fire) => h('li', { key: fire }, h(Time, { value: fire })))));
}

function JobActions({ row, done }) {
	const change = (action) => () => post('cron/change', { stream: row.stream, job: row.job, action });
	return h('div', { class: 'buttons' },
		h(Action, { label: 'Trigger', about: row.job, run: change('trigger'), done }),
		row.paused ? h(Action, { label: 'Resume', about: row.job, run: change('resume'), done })
			: h(Action, { label: 'Pause', about: row.job, run: change('pause'), done,
				confirm: `Pause ${row.job}, in all applications? Fire times that pass meanwhile are not made up for.` }));
}
