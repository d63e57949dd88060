// Charts of the last minutes, which the server keeps.

import { get } from './api.js';
import * as format from './format.js';
import { useLive } from './ui.js';

const { h } = window.preact;
const { useEffect, useRef } = window.preactHooks;

const CHARTS = [
	{ title: 'Throughput', unit: format.rate, series: [['handled', 'Handled', '--handled'], ['failed', 'Failed', '--failed']] },
	{ title: 'Waiting', unit: format.brief, series: [['lag', 'Unread (lag)', '--lag'], ['pending', 'Pending', '--pending']] },
	{ title: 'Handler time', unit: format.millis, series: [['millis', 'Mean', '--handled']] }
];

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

function color(name) {
	return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function options(chart, width) {
	const axis = { stroke: color('--chart-text'), grid: { stroke: color('--chart-line'), width: 1 },
		ticks: { stroke: color('--chart-line'), width: 1 } };
	return {
		width, height: 170, cursor: { drag: { x: false, y: false } }, legend: { show: false },
		scales: { y: { range: (plot, low, high) => [0, Math.max(high ?? 0, 1) * 1.1] } },
		axes: [{ ...axis, values: (plot, ticks) => ticks.map((tick) => clock.format(tick * 1000)) }, { ...axis, size: 64, values: (plot, ticks) => ticks.map((tick) => chart.unit(tick)) }],
		series: [{}, ...chart.series.map(([, label, name]) => ({ label, stroke: color(name), width: 2, points: { show: false } }))]
	};
}

function columns(chart, points) {
	return [points.map((point) => point.time / 1000),
		...chart.series.map(([name]) => points.map((point) => point[name] ?? null))];
}

function Chart({ chart, points }) {
	const place = useRef(null);
	const plot = useRef(null);
	const latest = useRef(points);
	latest.current = points;
	useEffect(() => {
		const dark = window.matchMedia('(prefers-color-scheme: dark)');
		const draw = () => {
			plot.current?.destroy();
			plot.current = new window.uPlot(options(chart, place.current.clientWidth), columns(chart, latest.current),
				place.current);
		};
		const sizes = new ResizeObserver(() => plot.current?.setSize({ width: place.current.clientWidth, height: 170 }));
		draw();
		dark.addEventListener('change', draw);
		sizes.observe(place.current);
		return () => {
			dark.removeEventListener('change', draw);
			sizes.disconnect();
			plot.current.destroy();
		};
	}, []);
	useEffect(() => plot.current.setData(columns(chart, points)), [points]);
	const now = points.at(-1);
	return h('figure', null,
		h('figcaption', null, h('strong', null, chart.title), chart.series.map(([name, label, paint]) =>
			h('span', { key: name, class: `legend legend${paint}` }, `${label} `,
				h('b', null, now ? chart.unit(now[name]) : format.UNKNOWN)))),
		h('div', { ref: place, class: 'plot', 'aria-hidden': 'true' }));
}

// The last values are in the captions, for those who do not see the lines.
export function Charts({ id }) {
	const { data } = useLive(() => get('chart', { id }), `chart ${id}`, 5000);
	const points = data?.points ?? [];
	return h('div', { class: 'charts' }, CHARTS.map((chart) => h(Chart, { key: chart.title, chart, points })));
}
