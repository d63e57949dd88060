// The shell: where the user is, what may be done, and what was done.

import { get } from './api.js';
import { Question, Shell, href, parseRoute } from './ui.js';
import { Cron } from './views/cron.js';
import { DeadLetter, DeadLetters } from './views/dead-letters.js';
import { Message, Messages } from './views/messages.js';
import { Overview, Subscription } from './views/overview.js';
import { Group, Stream, Streams } from './views/streams.js';

const { h, render } = window.preact;
const { useCallback, useEffect, useMemo, useRef, useState } = window.preactHooks;

const VIEWS = {
	'overview': Overview, 'subscription': Subscription, 'streams': Streams, 'stream': Stream, 'group': Group,
	'messages': Messages, 'message': Message, 'dead-letters': DeadLetters, 'dead-letter': DeadLetter, 'cron': Cron
};

const MENU = [['overview', 'Overview', ['subscription']], ['streams', 'Streams', ['stream', 'group', 'messages', 'message']],
	['dead-letters', 'Dead letters', ['dead-letter']], ['cron', 'Cron jobs', []]];

function useRoute() {
	const [route, setRoute] = useState(parseRoute(window.location.hash));
	useEffect(() => {
		const follow = () => setRoute(parseRoute(window.location.hash));
		window.addEventListener('hashchange', follow);
		return () => window.removeEventListener('hashchange', follow);
	}, []);
	return route;
}

function App() {
	const route = useRoute();
	const [about, setAbout] = useState(null);
	const [live, setLive] = useState(true);
	const [note, setNote] = useState(null);
	const [question, setQuestion] = useState(null);
	const main = useRef(null);
	const first = useRef(true);

	useEffect(() => {
		get('about').then(setAbout, (error) => setNote({ text: error.message, bad: true }));
	}, []);
	useEffect(() => {
		document.title = `${main.current.querySelector('h1')?.textContent ?? 'PubSub'} – ${about?.application ?? 'PubSub console'}`;
		if (!first.current) {
			// The new page is read out, and the keyboard goes on from there.
			main.current.focus();
			window.scrollTo(0, 0);
		}
		first.current = false;
	}, [JSON.stringify(route)]);

	const tell = useCallback((text, bad = false) => setNote({ text, bad }), []);
	const ask = useCallback((asked) => new Promise((resolve) => setQuestion({ ...asked, answer: (yes) => {
		setQuestion(null);
		resolve(yes);
	} })), []);
	const shell = useMemo(() => ({ live, tell, ask, may: about?.actions ?? false, payloads: about?.payloads ?? false }),
		[live, tell, ask, about]);
	const View = VIEWS[route.name];

	return h(Shell.Provider, { value: shell },
		h('a', { class: 'skip', href: '#main', onClick: (event) => {
			event.preventDefault();
			main.current.focus();
		} }, 'Skip to content'),
		h('header', null,
			h('strong', { class: 'name' }, about?.application ?? 'PubSub'),
			h('nav', { 'aria-label': 'Console' }, MENU.map(([name, label, below]) => h('a', { key: name, href: href(name),
				'aria-current': (route.name === name) ? 'page' : below.includes(route.name) ? 'true' : undefined }, label))),
			about && !about.actions && h('span', { class: 'badge' }, 'read-only'),
			h('button', { type: 'button', 'aria-pressed': live, onClick: () => setLive(!live) }, live ? 'Live' : 'Updates off')),
		h('main', { id: 'main', ref: main, tabIndex: -1 },
			View ? h(View, { key: route.name + (route.parameters.stream ?? ''), parameters: route.parameters })
				: h('h1', null, 'There is no such page')),
		h('div', { class: 'notes', role: 'status', 'aria-live': 'polite' }, note && h('p', { class: note.bad ? 'note bad' : 'note' },
			note.text, h('button', { type: 'button', 'aria-label': 'Close the message', onClick: () => setNote(null) }, '×'))),
		question && h(Question, question));
}

render(h(App), document.getElementById('app'));
