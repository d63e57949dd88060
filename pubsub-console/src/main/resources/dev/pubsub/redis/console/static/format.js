// Numbers and times as people read them.

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export const UNKNOWN = '–';

export function count(number) {
	return (number === null || number === undefined) ? UNKNOWN : whole.format(number);
}

export function brief(number) {
	return (number === null || number === undefined) ? UNKNOWN : compact.format(number);
}

export function rate(number) {
	return `${short.format(number ?? 0)}/s`;
}

export function millis(number) {
	return (number === null || number === undefined) ? UNKNOWN : duration(number);
}

export function bytes(number) {
	if (number === null || number === undefined) {
		return UNKNOWN;
	}
	const units = ['B', 'kB', 'MB', 'GB', 'TB'];
	let unit = 0;
	let value = number;
	while (value >= 1000 && unit < units.length - 1) {
		value /= 1000;
		unit++;
	}
	return `${short.format(value)} ${units[unit]}`;
}

export function duration(ms) {
	if (ms < 1000) {
		return `${short.format(ms)} ms`;
	}
	const seconds = ms / 1000;
	if (seconds < 60) {
		return `${short.format(seconds)} s`;
	}
	if (seconds < 3600) {
		return `${Math.floor(seconds / 60)} min`;
	}
	return (seconds < 86400 * 2) ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} d`;
}

export function time(instant) {
	return instant ? clock.format(new Date(instant)) : UNKNOWN;
}

export function ago(instant, now = Date.now()) {
	return instant ? duration(Math.max(0, now - new Date(instant).getTime())) : UNKNOWN;
}

// The first half of an entry's id is the time when it was added.
export function idTime(id) {
	const ms = Number(id.split('-')[0]);
	return (ms > 0 && ms < 8.64e15) ? new Date(ms).toISOString() : null;
}
