import { emptyEvent, exchangeLimit, refused, type ExchangeAnswer, type FileEvent, type FilePerson } from './file.ts';
import { readTimes } from './times.ts';

type Map_ = Record<string, unknown>;

const isMap = (value: unknown): value is Map_ => typeof value === 'object' && value !== null && !Array.isArray(value);

function word(value: unknown): string {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' ? value.slice(0, exchangeLimit.text).replaceAll(/\r\n?/g, '\n').trim() : '';
}

// Some systems write texts by language.
function written(value: unknown): string {
	return isMap(value) ? word(value['en'] ?? Object.values(value)[0]) : word(value);
}

function personOf(value: unknown): FilePerson[] {
	if (!isMap(value)) return [];
	const name = word(value['public_name']) || word(value['name']);
	const code = word(value['code']) || word(value['guid']) || word(value['id']);
	return name === '' ? [] : [{ name, code: code || null, role: 'speaker' }];
}

function eventOf(value: Map_, room: string, day: string | null, zone: string): FileEvent {
	const [date, start, duration, end] = ['date', 'start', 'duration', 'end'].map((key) => word(value[key]));
	const times = readTimes(
		{ date: date ?? '', start: start ?? '', duration: duration ?? '', end: end ?? '', day },
		zone
	);
	return {
		...emptyEvent(),
		...times,
		guid: word(value['guid']) || null,
		code: word(value['code']) || null,
		url: word(value['url']),
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
		persons: (Array.isArray(value['persons']) ? value['persons'] : []).flatMap(personOf)
	};
}

// Deep nesting would overflow whoever walks it; schedules have a handful of levels.
function isDeep(text: string): boolean {
	let depth = 0;
	let quoted = false;
	for (let at = 0; at < text.length; at += 1) {
		const letter = text.charCodeAt(at);
		if (quoted) {
			if (letter === 92) at += 1;
			else if (letter === 34) quoted = false;
		} else if (letter === 34) quoted = true;
		else if (letter === 123 || letter === 91) {
			depth += 1;
			if (depth > exchangeLimit.depth * 3) return true;
		} else if (letter === 125 || letter === 93) depth -= 1;
	}
	return false;
}

/** Reads schedule.json; `zone` is for times without an offset. */
export function readJson(text: string, zone: string): ExchangeAnswer {
	if (isDeep(text)) return refused('deep');
	let root: unknown;
	try {
		root = JSON.parse(text);
	} catch {
		return refused('malformed', { detail: 'this is no JSON' });
	}
	const schedule = isMap(root) ? root['schedule'] : null;
	const conference = isMap(schedule) ? schedule['conference'] : null;
	const days = isMap(conference) ? conference['days'] : null;
	if (!isMap(conference) || !Array.isArray(days)) return refused('no_schedule');
	const own = word(conference['time_zone_name']) || zone;
	const events: FileEvent[] = [];
	for (const day of days.filter(isMap)) {
		const date = /^\d{4}-\d\d-\d\d/.exec(word(day['date']))?.[0] ?? null;
		for (const [room, list] of Object.entries(isMap(day['rooms']) ? day['rooms'] : {})) {
			for (const event of Array.isArray(list) ? list.filter(isMap) : []) {
				if (events.length >= exchangeLimit.events) return refused('too_many');
				events.push(eventOf(event, room, date, own));
			}
		}
	}
	return { ok: true, file: { kind: 'json', events, ignored: [] } };
}
