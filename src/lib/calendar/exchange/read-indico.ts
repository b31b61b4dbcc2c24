import { isMap, mapsIn, type JsonMap } from '#lib/files/json.ts';
import {
	emptyEvent,
	exchangeLimit,
	exchangeRefusal,
	type ExchangeAnswer,
	type FileEvent,
	type FilePerson
} from './file.ts';
import { emptyOrigin } from './origin.ts';
import { readInstant } from './times.ts';

function word(value: unknown): string {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' ? value.replaceAll(/\r\n?/g, '\n').trim() : '';
}

// Descriptions are HTML or Markdown; we keep the words.
function plain(value: unknown): string {
	return word(value)
		.replaceAll(/<(br|\/p|\/li|\/div)\b[^>]{0,200}>/gi, '\n')
		.replaceAll(/<[a-z/!][^<>]{0,2000}>/gi, '')
		.replaceAll('&nbsp;', ' ')
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&quot;', '"')
		.replaceAll('&#39;', "'")
		.replaceAll('&amp;', '&')
		.replaceAll(/\n{3,}/g, '\n\n')
		.trim();
}

// A moment has its own zone, which may not be that of the Summit.
function momentOf(value: unknown, zone: string): { text: string; zone: string } {
	if (!isMap(value)) return { text: word(value), zone };
	return { text: `${word(value['date'])}T${word(value['time'])}`, zone: word(value['tz']) || zone };
}

function timesOf(entry: JsonMap, zone: string): Pick<FileEvent, 'start' | 'end' | 'badTime'> {
	const [from, to] = [momentOf(entry['startDate'], zone), momentOf(entry['endDate'], zone)];
	if (from.text === '' && to.text === '') return { start: null, end: null, badTime: null };
	const [start, end] = [readInstant(from.text, from.zone), readInstant(to.text, to.zone)];
	if (start !== null && end !== null && start < end) return { start, end, badTime: null };
	return { start: null, end: null, badTime: `${from.text} ${to.text}`.trim().slice(0, 80) };
}

function peopleOf(value: unknown, role: FilePerson['role']): FilePerson[] {
	return mapsIn(value).flatMap((person) => {
		const parts = [
			word(person['firstName'] ?? person['first_name']),
			word(person['familyName'] ?? person['last_name'])
		];
		const name = parts.filter(Boolean).join(' ') || word(person['name']) || word(person['fullName']);
		return name ? [{ name, code: null, role, biography: '' }] : [];
	});
}

interface Block {
	title: string;
	room: string;
}

const roomOf = (entry: JsonMap) => word(entry['room']) || word(entry['location']);

function eventOf(entry: JsonMap, block: Block | null, zone: string): FileEvent {
	const kind = word(entry['entryType']);
	const id = word(entry['contributionId']) || word(entry['sessionSlotId']) || word(entry['id']);
	const isSession = kind === 'Session';
	return {
		...emptyEvent(),
		...timesOf(entry, zone),
		guid: id ? `${kind.toLowerCase()} ${id}` : null,
		page: word(entry['url']),
		title: isSession
			? [word(entry['title']), word(entry['slotTitle'])].filter(Boolean).join(' – ')
			: word(entry['title']),
		abstract: plain(entry['description']),
		track: block?.title ?? '',
		isBreak: kind === 'Break',
		room: roomOf(entry) || (block?.room ?? ''),
		origin: { ...emptyOrigin(), url: word(entry['url']) },
		persons: [...peopleOf(entry['conveners'], 'chair'), ...peopleOf(entry['presenters'], 'speaker')]
	};
}

/** The entries of a day: what is in a session block comes in its place, and a block without entries by itself. */
function* entriesOf(day: JsonMap): Generator<{ entry: JsonMap; block: Block | null }> {
	for (const entry of Object.values(day).filter(isMap)) {
		const inner = isMap(entry['entries']) ? Object.values(entry['entries']).filter(isMap) : [];
		if (inner.length === 0) yield { entry, block: null };
		const block = { title: word(entry['title']), room: roomOf(entry) };
		for (const one of inner) yield { entry: one, block };
	}
}

function baseOf(url: string): string {
	return URL.parse(url)?.origin ?? '';
}

/** Reads the timetable that Indico exports as JSON: contributions, session blocks and breaks of each day. */
export function readIndicoTimetable(root: JsonMap, zone: string): ExchangeAnswer {
	const events: FileEvent[] = [];
	const [id, timetable] = Object.entries(isMap(root['results']) ? root['results'] : {}).find(([, days]) =>
		isMap(days)
	) ?? ['', {}];
	const days = isMap(timetable) ? Object.entries(timetable).toSorted(([a], [b]) => a.localeCompare(b)) : [];
	for (const [day, entries] of days) {
		if (!isMap(entries)) continue;
		for (const { entry, block } of entriesOf(entries)) {
			if (events.length >= exchangeLimit.events) return exchangeRefusal('too_many');
			const date = /^(\d{4})(\d\d)(\d\d)$/.exec(day)?.slice(1).join('-') ?? null;
			events.push({ ...eventOf(entry, block, zone), day: date });
		}
	}
	return {
		ok: true,
		file: {
			kind: 'json',
			events,
			ignored: [],
			source: `indico ${id}`,
			base: baseOf(word(root['url'])),
			isOurs: false
		}
	};
}
