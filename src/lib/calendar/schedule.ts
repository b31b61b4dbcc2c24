import { createHash } from 'node:crypto';
import { clockOfMinutes } from './clock.ts';
import type { EventFacts } from './feed.ts';
import { emptyOrigin, type Origin, type Reference } from './exchange/origin.ts';
import { splitTexts } from './exchange/parts.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { addDays } from '#lib/i18n/time.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import type { Session, SessionPerson, Slot } from '#lib/agenda/session.ts';

/** One event of the exchange format that frab, pretalx and the players of recordings read. */
export interface ScheduleEvent {
	id: number;
	guid: string;
	/** Only on the first time of a session: the format allows one for one event. */
	code?: string;
	date: string;
	start: string;
	duration: string;
	room: string;
	slug: string;
	url: string;
	title: string;
	subtitle: string;
	track: string;
	type: string;
	language: string;
	abstract: string;
	description: string;
	do_not_record: boolean;
	recording_license: string;
	/** Absolute addresses; those that an event was imported with. */
	logo?: string;
	feedback_url?: string;
	origin_url?: string;
	persons: { id: number; code: string; public_name: string; biography?: string }[];
	links: ScheduleReference[];
	attachments: ScheduleReference[];
}

/** A link of an event. */
interface ScheduleReference {
	url: string;
	title?: string;
}

/** A day of rooms. Times are ISO with the venue's offset. */
interface ScheduleDay {
	index: number;
	date: string;
	day_start: string;
	day_end: string;
	rooms: Record<string, ScheduleEvent[]>;
}

/** A whole agenda in the exchange format. */
export interface Schedule {
	version: string;
	base_url: string;
	conference: {
		acronym: string;
		title: string;
		start: string;
		end: string;
		daysCount: number;
		timeslot_duration: string;
		time_zone_name: string;
		tracks: { name: string; slug: string }[];
		rooms: { name: string; slug: string; guid: string }[];
		days: ScheduleDay[];
	};
}

/** Where an agenda is held, and its texts in the language of the file. */
export interface ScheduleContext {
	slug: string;
	name: string;
	zone: string;
	startsOn: string;
	endsOn: string;
	version: string;
	base: string;
	/** Minutes after midnight at which an agenda's day begins: earlier sessions belong to the previous day. */
	dayBegins: number;
	rooms: { id: string; slug: string; name: string }[];
	tracks: { slug: string; name: string }[];
	/** The known facts of the events of a session, in the order of its times. */
	facts?: (session: Session) => EventFacts[];
	/** A person's public biography, by code. */
	biographies?: Record<string, TextMap>;
	/** The prefix of a content note in a description. */
	notePrefix: string;
	title: (session: Session) => string;
	words: (map: Record<string, string>) => string;
	address: (session: Session) => string;
}

/** A schedule as the text of schedule.json. */
export function scheduleJson(schedule: Schedule): string {
	const head = { $schema: 'https://c3voc.de/schedule/schema.json', generator: { name: 'global-summit', version: '1' } };
	return `${JSON.stringify({ ...head, schedule })}\n`;
}

/** The format requires positive whole numbers; these are stable for an id and hardly ever collide (31 bits). */
function numberOf(id: string): number {
	return createHash('sha256').update(id).digest().readUInt32BE(0) >>> 1 || 1;
}

/** The id of an event: the session's own, and for its second and later times one that is derived from it. */
export function guidOf(id: string, index: number): string {
	if (index === 0) return id;
	const hex = createHash('sha256').update(`${id} ${index}`).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** "2027-06-09T09:00:00-03:00": the instant by the venue's clocks. */
export function localIso(instant: string | number, zone: string): string {
	const parts = new Intl.DateTimeFormat('en-CA', {
		timeZone: zone,
		hourCycle: 'h23',
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
		timeZoneName: 'longOffset'
	}).formatToParts(new Date(instant));
	const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
	const offset = part('timeZoneName').replace('GMT', '') || '+00:00';
	return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}${offset}`;
}

function durationOf(slot: Slot): string {
	return clockOfMinutes(Math.round((Date.parse(slot.end) - Date.parse(slot.start)) / 60_000));
}

function personOf(person: SessionPerson, { biographies, words }: ScheduleContext) {
	const biography = words(biographies?.[person.code] ?? {});
	return {
		id: numberOf(person.code),
		code: person.code,
		public_name: person.display_name,
		...(biography && { biography })
	};
}

const reference = ({ url, title }: Reference): ScheduleReference => ({ url, ...(title && { title }) });

/** The imported facts of an event, exported again. */
function carried(origin: Partial<Origin> | null | undefined) {
	const { url, logo, license, feedback_url: feedback, links, attachments } = { ...emptyOrigin(), ...origin };
	return {
		recording_license: license,
		...(logo && { logo }),
		...(feedback && { feedback_url: feedback }),
		...(url && { origin_url: url }),
		links: links.map(reference),
		attachments: attachments.map(reference)
	};
}

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

// The published schemas allow a word, a hyphen, a word.
const slugWord = (slug: string) => slug.replaceAll('-', '_').padStart(4, '_');

interface Timed {
	event: ScheduleEvent;
	start: number;
	end: number;
}

function eventOf(session: Session, index: number, context: ScheduleContext): Timed | null {
	const { words, zone } = context;
	const slot = session.slots[index];
	if (!slot) return null;
	const date = localIso(slot.start, zone);
	const facts = context.facts?.(session)[index];
	const guid = facts && isUuid.test(facts.uid) ? facts.uid : guidOf(session.id, index);
	const note = words(session.content_note).replaceAll(/\n{2,}/g, '\n');
	const texts = splitTexts(words(session.abstract), facts?.parts);
	const event: ScheduleEvent = {
		id: numberOf(guid),
		guid,
		...(index === 0 && { code: session.code }),
		date,
		start: date.slice(11, 16),
		duration: durationOf(slot),
		room: context.rooms.find((room) => slot.rooms.includes(room.slug))?.name ?? '',
		// The older of the two published schemas requires a number in it.
		slug: `${slugWord(context.slug)}-${numberOf(session.id) % 1_000_000}-${session.code.toLowerCase()}${index === 0 ? '' : `-${index + 1}`}`,
		url: context.address(session),
		title: context.title(session),
		subtitle: texts.subtitle,
		track: words(session.track),
		type: words(session.format),
		language: session.spoken[0] ?? '',
		abstract: texts.abstract,
		description: [note && context.notePrefix + note, texts.description].filter(Boolean).join('\n\n'),
		do_not_record: !session.is_recorded,
		...carried(facts?.origin),
		persons: [...new Map(session.people.map((person) => [person.code, personOf(person, context)])).values()]
	};
	return { event, start: Date.parse(slot.start), end: Date.parse(slot.end) };
}

/** The day of an instant, "2027-06-10": before the day begins it is the previous one. */
export function scheduleDay(instant: number, { zone, dayBegins }: Pick<ScheduleContext, 'zone' | 'dayBegins'>): string {
	const here = localIso(instant, zone);
	const minutes = Number(here.slice(11, 13)) * 60 + Number(here.slice(14, 16));
	return addDays(here.slice(0, 10), minutes < dayBegins ? -1 : 0);
}

// Two colliding ids would make the file invalid: the later one gets the next number.
function withOwnNumbers(events: Timed[]): void {
	const taken = new Set<number>();
	for (const { event } of events) {
		while (taken.has(event.id)) event.id = (event.id % 0x7fffffff) + 1;
		taken.add(event.id);
	}
}

function daysBetween(first: string, last: string): string[] {
	const days = [];
	for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
	return days;
}

/** The agenda by day and room. Breaks are no events; a session in two rooms is listed in the first; a cancelled one is marked. */
export function scheduleOf(sessions: readonly Session[], context: ScheduleContext): Schedule {
	const timed = sessions
		.filter((session) => !session.is_break)
		.flatMap((session) => session.slots.flatMap((_, index) => eventOf(session, index, context) ?? []));
	withOwnNumbers(timed);
	const byDay = Map.groupBy(timed, ({ start }) => scheduleDay(start, context));
	const dates = [...new Set([...daysBetween(context.startsOn, context.endsOn), ...byDay.keys()])].sort();
	const days = dates.map((date, index) => {
		const those = byDay.get(date) ?? [];
		const starts = those.map(({ start }) => start);
		const noon = Date.parse(instantOf(`${date}T12:00`, context.zone) ?? date);
		const byRoom = Map.groupBy(those, ({ event }) => event.room);
		const names = [...context.rooms.map(({ name }) => name), ''].filter((name) => byRoom.has(name));
		return {
			index: index + 1,
			date,
			day_start: localIso(those.length > 0 ? Math.min(...starts) : noon, context.zone),
			day_end: localIso(those.length > 0 ? Math.max(...those.map(({ end }) => end)) : noon, context.zone),
			rooms: Object.fromEntries(names.map((name) => [name, (byRoom.get(name) ?? []).map(({ event }) => event)]))
		};
	});
	return {
		version: context.version,
		base_url: context.base,
		conference: {
			acronym: slugWord(context.slug),
			title: context.name,
			start: context.startsOn,
			end: context.endsOn,
			daysCount: days.length,
			timeslot_duration: '00:05',
			time_zone_name: context.zone,
			tracks: context.tracks.map(({ slug, name }) => ({ name, slug })),
			rooms: context.rooms.map(({ id, name, slug }) => ({ name, slug, guid: id })),
			days
		}
	};
}
