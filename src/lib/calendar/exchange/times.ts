import { instantOf, isInYears } from '#lib/summits/local-time.ts';

const withOffset = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d(?::?\d\d)?)$/;
const localTimePattern = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?$/;

/** An instant (milliseconds) as files write it: with an offset, or by the venue's clocks. Null when it is invalid. */
export function readInstant(written: string, zone: string): number | null {
	const text = written.trim();
	const [, time, offset] = withOffset.exec(text) ?? [];
	if (time !== undefined && offset !== undefined) {
		const full = offset === 'Z' ? 'Z' : offset.length === 3 ? `${offset}:00` : offset.replace(/^(...):?(..)$/, '$1:$2');
		const at = Date.parse(time + full);
		return isInYears(at) && isWritten(time) ? at : null;
	}
	if (!localTimePattern.test(text)) return null;
	const at = instantOf(text.replace(' ', 'T'), zone);
	return at === null || !isWritten(text) ? null : Date.parse(at);
}

// Date would turn the 31st of April into the 1st of May.
function isWritten(text: string): boolean {
	const day = text.slice(0, 10);
	const at = new Date(`${day}T00:00:00Z`);
	return Number.isFinite(at.getTime()) && at.toISOString().startsWith(day);
}

/** A duration "1:30", "01:30" or "01:30:00" in milliseconds; null when it is invalid. */
function readDuration(written: string): number | null {
	const [, hours, minutes, seconds] = /^(\d{1,3}):([0-5]\d)(?::([0-5]\d))?$/.exec(written.trim()) ?? [];
	if (hours === undefined || minutes === undefined) return null;
	return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds ?? 0)) * 1000;
}

/** The time of an event as instants; `bad` is its text when it is invalid. */
export function readTimes(
	given: { date: string; start: string; duration: string; end: string; day: string | null },
	zone: string
): { start: number | null; end: number | null; badTime: string | null } {
	const written = [given.date, given.start, given.duration, given.end].filter(Boolean).join(' ');
	if (written === '') return { start: null, end: null, badTime: null };
	const start = given.date
		? readInstant(given.date, zone)
		: given.day !== null && given.start
			? readInstant(`${given.day}T${given.start.slice(0, 5).padStart(5, '0')}`, zone)
			: null;
	const length = readDuration(given.duration);
	const end = start !== null && length !== null ? start + length : given.end ? readInstant(given.end, zone) : null;
	if (start === null || end === null || end <= start || !isInYears(end))
		return { start: null, end: null, badTime: written.slice(0, 80) };
	return { start, end, badTime: null };
}
