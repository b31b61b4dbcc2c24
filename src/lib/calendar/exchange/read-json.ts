import { isDeep, isMap, listed, type JsonMap } from '#lib/files/json.ts';
import { kindOfJson } from '#lib/imports/kinds.ts';
import {
	emptyEvent,
	exchangeLimit,
	exchangeRefusal,
	type ExchangeAnswer,
	type FileEvent,
	type FilePerson
} from './file.ts';
import { emptyOrigin, type Reference } from './origin.ts';
import { readIndicoTimetable } from './read-indico.ts';
import { readTimes } from './times.ts';

function word(value: unknown): string {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' ? value.replaceAll(/\r\n?/g, '\n').trim() : '';
}

// Some systems write texts by language, and rooms and tracks as objects with a name.
function written(value: unknown): string {
	if (!isMap(value)) return word(value);
	const inside = value['en'] ?? value['name'] ?? Object.values(value)[0];
	return isMap(inside) ? word(inside['en'] ?? Object.values(inside)[0]) : word(inside);
}

const roles = ['speaker', 'chair', 'moderator', 'respondent'] as const;

function personOf(value: unknown): FilePerson[] {
	if (!isMap(value)) return [];
	const name = ['public_name', 'name', 'full_public_name', 'display_name'].map((key) => word(value[key])).find(Boolean);
	const code = word(value['code']) || word(value['guid']) || word(value['id']);
	const role = roles.find((each) => each === word(value['role']).toLowerCase()) ?? 'speaker';
	return name ? [{ name, code: code || null, role, biography: written(value['biography']) }] : [];
}

function referencesOf(value: unknown, kind?: string): Reference[] {
	return listed(value).flatMap((one) => {
		if (typeof one === 'string') return kind === undefined ? [{ url: one, title: '' }] : [];
		if (!isMap(one)) return [];
		const type = word(one['type']).toLowerCase();
		const isOwn = type === 'origin' || type === 'feedback';
		const url = word(one['url']) || word(one['href']);
		return url !== '' && (kind === undefined ? !isOwn : type === kind) ? [{ url, title: written(one['title']) }] : [];
	});
}

// A duration in minutes is a number.
const durationOf = (value: unknown) =>
	typeof value === 'number' && value > 0
		? `${Math.floor(value / 60)}:${String(Math.round(value) % 60).padStart(2, '0')}`
		: word(value);

function timesOf(value: JsonMap, day: string | null, zone: string) {
	const [date, start, end] = ['date', 'start', 'end'].map((key) => word(value[key]));
	const whole = date || (start?.includes('T') ? start : '');
	const given = { date: whole ?? '', start: start ?? '', end: end ?? '', duration: durationOf(value['duration']), day };
	return readTimes(given, zone);
}

function eventOf(value: JsonMap, room: string, day: string | null, zone: string): FileEvent {
	const people = [...listed(value['persons']), ...listed(value['participants'])];
	const [origin] = referencesOf(value['links'], 'origin');
	const [feedback] = referencesOf(value['links'], 'feedback');
	return {
		...emptyEvent(),
		...timesOf(value, day, zone),
		guid: word(value['guid']) || null,
		number: word(value['id']) || null,
		code: word(value['code']) || null,
		page: word(value['url']),
		title: written(value['title']),
		subtitle: written(value['subtitle']),
		abstract: written(value['abstract']),
		description: written(value['description']),
		track: written(value['track']),
		type: written(value['type']),
		language: word(value['language']),
		room: written(value['room']) || room,
		day,
		doNotRecord: typeof value['do_not_record'] === 'boolean' ? value['do_not_record'] : null,
		persons: people.flatMap(personOf),
		origin: {
			...emptyOrigin(),
			url: word(value['origin_url']) || (origin?.url ?? ''),
			feedback_url: word(value['feedback_url']) || (feedback?.url ?? ''),
			logo: word(value['logo']),
			license: word(value['recording_license']) || word(value['license']),
			links: referencesOf(value['links']),
			attachments: referencesOf(value['attachments'])
		}
	};
}

interface Listed {
	event: JsonMap;
	room: string;
	day: string | null;
}

const dated = (day: JsonMap) => /^\d{4}-\d\d-\d\d/.exec(word(day['date']))?.[0] ?? null;

/** The events of a day: in rooms by name, in a list of rooms, or directly in it. */
function* eventsOfDay(day: JsonMap): Generator<Listed> {
	const rooms: [string, unknown][] = isMap(day['rooms'])
		? Object.entries(day['rooms'])
		: listed(day['rooms'])
				.filter(isMap)
				.map((room) => [written(room['name']), room['events']]);
	for (const [room, events] of [...rooms, ['', day['events']] as const])
		for (const event of listed(events).filter(isMap)) yield { event, room, day: dated(day) };
}

function* allEvents(schedule: JsonMap, conference: JsonMap): Generator<Listed> {
	for (const day of listed(conference['days']).filter(isMap)) yield* eventsOfDay(day);
	for (const event of listed(schedule['events']).filter(isMap)) yield { event, room: '', day: null };
}

// A track that is given by its slug has its name in the list of tracks.
function trackNames(conference: JsonMap): Map<string, string> {
	return new Map(
		listed(conference['tracks'])
			.filter(isMap)
			.map((track) => [word(track['slug']), written(track['name'])])
	);
}

/** Reads schedule.json in both its versions, or a timetable of Indico; `zone` is for times without an offset. */
export function readJsonSchedule(text: string, zone: string): ExchangeAnswer {
	if (isDeep(text, exchangeLimit.depth)) return exchangeRefusal('deep');
	let root: unknown;
	try {
		root = JSON.parse(text);
	} catch {
		return exchangeRefusal('malformed');
	}
	const kind = kindOfJson(root);
	if (kind === 'indico_timetable' && isMap(root)) return readIndicoTimetable(root, zone);
	if (kind !== null && kind !== 'schedule') return exchangeRefusal('other_kind', { kind });
	const schedule = isMap(root) ? root['schedule'] : null;
	const conference = isMap(schedule) ? schedule['conference'] : null;
	if (!isMap(root) || !isMap(schedule) || !isMap(conference)) return exchangeRefusal('no_schedule');
	if (!Array.isArray(conference['days']) && !Array.isArray(schedule['events'])) return exchangeRefusal('no_schedule');
	const own = word(conference['time_zone_name']) || zone;
	const tracks = trackNames(conference);
	const events: FileEvent[] = [];
	for (const { event, room, day } of allEvents(schedule, conference)) {
		if (events.length >= exchangeLimit.events) return exchangeRefusal('too_many');
		const read = eventOf(event, room, day, own);
		const track = isMap(event['track']) ? tracks.get(word(event['track']['slug'])) : undefined;
		events.push(track ? { ...read, track } : read);
	}
	const generator = isMap(root['generator']) ? word(root['generator']['name']) : '';
	return {
		ok: true,
		file: {
			kind: 'json',
			events,
			ignored: [],
			source: word(conference['acronym']) || written(conference['title']),
			base: word(schedule['base_url']),
			isOurs: generator === 'global-summit'
		}
	};
}
