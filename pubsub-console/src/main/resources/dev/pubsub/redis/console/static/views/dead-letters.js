import { get, post } from '../api.js';
import * as format from '../format.js';
import { Action, Facts, Fields, Loading, Shell, Table, Time, href, navigate, useLive } from '../ui.js';
import { Older, Range } from './messages.js';
import { Links } from './streams.js';

const { h, Fragment } = window.preact;
const { useContext } = window.preactHooks;

export function DeadLetters({ parameters }) {
	return parameters.stream ? h(Letters, { parameters }) : h(Places);
}

function Places() {
	const { data, error } = useLive(() => get('dead-letter-streams'), 'places', 5000);
	return h(Fragment, null,
		h('h1', null, 'Dead letters'),
		h(Loading, { data, error }),
		data && h(Table, { label: 'Streams with dead letters', rows: data.items, rowKey: (row) => row.stream,
			empty: 'No stream has dead letters', columns: [
				['Stream', (row) => h('a', { href: href('dead-letters', { stream: row.stream }) }, row.stream)],
				['Dead letters', (row) => format.count(row.deadLetters), 'number']
			] }));
}

function Letters({ parameters }) {
	const { stream, place, from, to, before } = parameters;
	const { data, error, reload } = useLive(() => get('dead-letters', { stream, place, from, to, before }),
		JSON.stringify(parameters), before ? 0 : 5000);
	const what = (from || to) ? 'all in this range' : 'all';
	const begin = (action) => async () => {
		await post('dead-letters/change', { stream, place, action, from, to });
		return { message: 'It has begun, and goes on in the background.' };
	};
	return h(Fragment, null,
		h('h1', null, `Dead letters of ${stream}`),
		h(Links, { stream }),
		h(Range, { key: `${from} ${to}`, from, to, onRange: (range) => navigate('dead-letters', { stream, place, ...range }) }),
		h(Loading, { data, error }),
		data && h('p', null, `${format.count(data.total)} in `, h('code', null, data.place), data.places.length > 1
			&& data.places.filter((other) => other !== data.place).map((other) =>
				h('span', { key: other }, ', see also ', h('a', { href: href('dead-letters', { stream, place: other }) }, other)))),
		h(Run, { stream, place, reload }),
		data && data.letters.length > 0 && h('div', { class: 'buttons' },
			h(Action, { label: `Redrive ${what}`, done: reload, run: begin('redrive'),
				confirm: `Add ${what} to ${stream} again? All groups of the stream get them.` }),
			h(Action, { label: `Discard ${what}`, done: reload, run: begin('discard'), danger: true,
				confirm: `Delete ${what} for good?` })),
		data && h(Table, { label: 'Dead letters', rows: data.letters, rowKey: (row) => row.id, empty: 'No dead letters here', columns: [
			['Id', (row) => h('a', { href: href('dead-letter', { stream, place, id: row.id }) }, row.id)],
			['Given up', (row) => h(Time, { value: row.time })],
			['Group', (row) => row.group],
			['Attempts', (row) => row.attempts, 'number'],
			['Reason', (row) => row.reason],
			['Exception', (row) => h('span', null, h('code', null, simple(row.exception)), ' ', row.message), 'preview'],
			['Actions', (row) => h(LetterActions, { stream, place, id: row.id, done: reload }), 'actions']
		] }),
		data && h(Older, { data, before, onOlder: (id) => navigate('dead-letters', { stream, place, from, to, before: id }) }));
}

function simple(exception) {
	return (exception ?? '').split('.').at(-1);
}

function LetterActions({ stream, place, id, done }) {
	return h('div', { class: 'buttons' },
		h(Action, { label: 'Redrive', about: id, done, run: () => post('dead-letter/redrive', { stream, place, id }) }),
		h(Action, { label: 'Discard', about: id, done, danger: true, confirm: `Delete the dead letter ${id} for good?`,
			run: () => post('dead-letter/discard', { stream, place, id }) }));
}

// What became of the last run over all letters or a range of them, in this process.
function Run({ stream, place, reload }) {
	const { data: run, reload: again } = useLive(() => get('dead-letters/run', { stream, place }), `run ${stream} ${place}`, 1000);
	if (!run?.state) {
		return null;
	}
	const running = run.state === 'RUNNING';
	const verb = (run.action === 'REDRIVE') ? 'Redriven' : 'Discarded';
	return h('p', { class: 'run' },
		h('span', { role: 'status', 'data-fact': 'Run' }, `${verb}: ${format.count(run.done)}`,
			run.left > 0 && `, ${format.count(run.left)} stay`, running ? ' so far' : ` (${run.state.toLowerCase()})`,
			run.problem && `. ${run.problem}`),
		' ', running && h(Action, { label: 'Cancel', done: () => {
			again();
			reload();
		}, run: () => post('dead-letters/change', { stream, place, action: 'cancel' }) }));
}

export function DeadLetter({ parameters }) {
	const { stream, place, id } = parameters;
	const { payloads } = useContext(Shell);
	const { data, error } = useLive(() => get('dead-letter', { stream, place, id }), `letter ${stream} ${place} ${id}`, 0);
	const back = () => navigate('dead-letters', { stream, place });
	return h(Fragment, null,
		h('h1', null, `Dead letter ${id}`),
		h(Links, { stream }),
		h(Loading, { data, error }),
		data && h(LetterActions, { stream, place, id, done: back }),
		data && h(Facts, { label: 'Dead letter', items: [
			['Reason', data.reason ?? format.UNKNOWN],
			['Given up', h(Time, { value: data.time })],
			['Attempts', data.attempts ?? format.UNKNOWN],
			['Original id', data.originalId ?? format.UNKNOWN],
			['Group', data.group ?? format.UNKNOWN],
			['Consumer', data.consumer ?? format.UNKNOWN]
		] }),
		data && h('h2', null, 'Exception'),
		data && h('p', null, h('code', { 'data-fact': 'Exception' }, data.exception ?? 'not known'), ' ',
			h('span', { 'data-fact': 'Message' }, data.message)),
		data && data.stackTrace && h('pre', { class: 'trace', tabIndex: 0, role: 'region', 'aria-label': 'Stack trace' },
			data.stackTrace),
		data && h('h2', null, 'Content'),
		data && h(Fields, { fields: data.fields, size: data.fields.length, payloads }));
}
