import type { FileEvent } from './file.ts';
import { originOf } from './origin.ts';

/** The id of an event: a UUID is the same everywhere, any other id or number only in its own source. */
interface EventName {
	source: string;
	guid: string;
	number: string;
}

/** An event with the id by which the same file finds it again; null when it has none. */
export interface NamedEvent extends FileEvent {
	name: EventName | null;
	/** Addresses in it that are not web addresses. */
	leftOut: string[];
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An id as one text, for lookup. */
export function eventKey({ source, guid, number }: EventName): string {
	return `${source} ${guid === '' ? `id ${number}` : guid}`;
}

function nameOf({ guid, number }: FileEvent, source: string): EventName | null {
	const short = number !== null && number.length <= 40 ? number : '';
	if (guid !== null && uuid.test(guid)) return { source: '', guid: guid.toLowerCase(), number: short };
	if (guid !== null && guid.length <= 200) return { source, guid, number: short };
	return short === '' ? null : { source, guid: '', number: short };
}

/** The events of a file with their ids. Of two with one guid the first gets it; two that share only a number are distinguished by their order. */
export function nameEvents(
	events: readonly FileEvent[],
	file: { source: string; base: string; isOurs: boolean }
): NamedEvent[] {
	const seen = new Set<string>();
	const free = (name: EventName | null): EventName | null => {
		if (name === null || !seen.has(eventKey(name))) return name;
		for (let n = 2; n <= events.length && name.guid === '' && name.number.length < 34; n += 1) {
			const other = { ...name, number: `${name.number}#${n}` };
			if (!seen.has(eventKey(other))) return other;
		}
		return null;
	};
	return events.map((event) => {
		const name = free(nameOf(event, file.source)) ?? free(nameOf({ ...event, guid: null }, file.source));
		if (name) seen.add(eventKey(name));
		// In our own files an event links to our page, and its origin is stated separately.
		const url = event.origin.url || (file.isOurs ? '' : event.page);
		const { origin, left } = originOf({ ...event.origin, url }, file.base || event.page);
		return { ...event, name, origin, leftOut: left };
	});
}
