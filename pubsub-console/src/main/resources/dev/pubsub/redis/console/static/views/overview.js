import { get, post } from '../api.js';
import { Charts } from '../charts.js';
import * as format from '../format.js';
import { Action, Facts, Filter, Loading, Pager, State, Table, Time, href, useLive } from '../ui.js';

const { h, Fragment } = window.preact;
const { useState } = window.preactHooks;

export function Overview() {
	const [page, setPage] = useState(1);
	const [text, setText] = useState('');
	const { data, error, reload } = useLive(() => get('overview', { page, q: text }), `overview ${page} ${text}`);
	return h(Fragment, null,
		h('h1', null, 'Overview'),
		h(Loading, { data, error }),
		data && h(Totals, { totals: data.totals }),
		h(Charts, { id: '' }),
		h('h2', null, 'Subscriptions'),
		h(Filter, { label: 'Filter by id, stream, group or state', value: text, onChange: (value) => {
			setPage(1);
			setText(value);
		} }),
		data && h(Subscriptions, { rows: data.subscriptions.items, reload }),
		data && h(Pager, { page: data.subscriptions, onPage: setPage }));
}

function Totals({ totals }) {
	const states = Object.entries(totals.states).map(([state, number]) => `${format.count(number)} ${state}`);
	return h(Facts, { label: 'Totals', items: [
		['Subscriptions', states.join(', ') || '0'],
		['Handled', format.count(totals.handled)],
		['Handled now', format.rate(totals.handledPerSecond)],
		['Failed attempts', format.count(totals.failed + totals.givenUp)],
		['Unread (lag)', format.count(totals.lag)],
		['Pending', format.count(totals.pending)],
		['Dead letters', h('a', { href: href('dead-letters') }, format.count(totals.deadLetters)),
			totals.deadLetters ? 'bad' : undefined],
		['Cron jobs', h('a', { href: href('cron') }, format.count(totals.cronJobs))],
		['Outages', format.count(totals.outages), totals.outages ? 'bad' : undefined]
	] });
}

export function Subscriptions({ rows, reload }) {
	return h(Table, { label: 'Subscriptions', rows, rowKey: (row) => row.id, empty: 'No subscriptions', columns: [
		['Subscription', (row) => h('a', { href: href('subscription', { id: row.id }) }, row.id)],
		['State', (row) => h(State, { value: row.state })],
		['Stream', (row) => h('a', { href: href('stream', { stream: row.stream }) }, row.stream)],
		['Group', (row) => h('a', { href: href('group', { stream: row.stream, group: row.group }) }, row.group)],
		['Handled', (row) => format.count(row.handled), 'number handled'],
		['Now', (row) => format.rate(row.handledPerSecond), 'number'],
		['Failed', (row) => format.count(row.failed + row.givenUp), 'number'],
		['Lag', (row) => format.count(row.lag), 'number'],
		['Pending', (row) => format.count(row.pending), 'number'],
		['Handler', (row) => format.millis(row.handlerMillis), 'number'],
		['Actions', (row) => h(SubscriptionActions, { row, reload }), 'actions']
	] });
}

function SubscriptionActions({ row, reload }) {
	const change = (action) => () => post('subscription/change', { id: row.id, action });
	const runs = ['running', 'starting', 'paused'].includes(row.state);
	return h('div', { class: 'buttons' },
		row.state === 'running' && h(Action, { label: 'Pause', about: row.id, run: change('pause'), done: reload }),
		row.state === 'paused' && h(Action, { label: 'Resume', about: row.id, run: change('resume'), done: reload }),
		runs && h(Action, { label: 'Stop', about: row.id, run: change('stop'), done: reload,
			confirm: `Stop ${row.id}? Handlers that run may finish. Only this process stops.` }),
		!runs && h(Action, { label: 'Start', about: row.id, run: change('start'), done: reload }));
}

export function Subscription({ parameters }) {
	const { data, error, reload } = useLive(() => get('subscription', parameters), `subscription ${parameters.id}`);
	return h(Fragment, null,
		h('h1', null, `Subscription ${parameters.id}`),
		h(Loading, { data, error }),
		data && h(Details, { row: data.subscription, status: data.status, reload }),
		h(Charts, { key: parameters.id, id: parameters.id }));
}

function Details({ row, status, reload }) {
	const { backlog, threads, inFlight } = status;
	return h(Fragment, null,
		h(SubscriptionActions, { row, reload }),
		!status.healthy && h('p', { class: 'problem' }, status.reason, status.reasonSince
			&& ['. Since ', h(Time, { value: status.reasonSince })]),
		h(Facts, { label: 'Subscription', items: [
			['State', h(Fragment, null, h(State, { value: row.state }), status.since && ` for ${format.ago(status.since)}`)],
			['Stream', h('a', { href: href('stream', { stream: row.stream }) }, row.stream)],
			['Group', h('a', { href: href('group', { stream: row.stream, group: row.group }) }, row.group)],
			['Handled', format.count(row.handled)],
			['Failed attempts', format.count(row.failed + row.givenUp)],
			['Unread (lag)', format.count(backlog?.lag)],
			['Oldest unread', format.ago(backlog?.oldestUnread)],
			['Pending', format.count(backlog?.pending)],
			['Oldest pending', format.ago(backlog?.oldestPending)],
			['Consumers', format.count(backlog?.consumers)],
			['Dead letters', h('a', { href: href('dead-letters', { stream: row.stream }) },
				format.count(backlog?.deadLetters)), backlog?.deadLetters ? 'bad' : undefined],
			['Threads busy', `${format.count(threads.busy)} of ${format.count(threads.total)}`],
			['Handlers stuck', format.count(threads.stuck), threads.stuck ? 'bad' : undefined],
			['In this process', `${format.count(inFlight.queued)} queued, ${format.count(inFlight.waiting)} wait to be retried`],
			['Redis answered', row.lastPoll ? `${format.ago(row.lastPoll)} ago` : 'not yet']
		] }),
		row.outages.length > 0 && h('h2', null, 'Outages'),
		row.outages.length > 0 && h(Table, { label: 'Outages', rows: row.outages, rowKey: (outage) => outage.activity, columns: [
			['What fails', (outage) => outage.activity],
			['Since', (outage) => h(Time, { value: outage.since })],
			['Why', (outage) => outage.reason]
		] }));
}
