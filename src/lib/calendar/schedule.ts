import { createHash } from 'node:crypto';
import type { Session, SessionPerson, Slot } from '#lib/agenda/session.ts';

/** One event of the exchange format that frab, pretalx and the players of recordings read. */
export interface ScheduleEvent {
	id: number;
	guid: string;
	code: string;
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
	persons: { id: number; code: string; public_name: string }[];
}

/** A day of rooms. Times are ISO with the venue's offset. */
export interface ScheduleDay {
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
		rooms: { name: string }[];
		days: ScheduleDay[];
	};
}

/** Where an agenda is held and what its words are in the language of the file. */
export interface ScheduleContext {
	slug: string;
	title: string;
	zone: string;
	startsOn: string;
	endsOn: string;
	version: string;
	base: string;
	rooms: { slug: string; name: string }[];
	words: (map: Record<string, string>) => string;
	address: (session: Session) => string;
}

// The format wants numbers; these are stable for an id and hardly ever meet (31 bits).
function numberOf(id: string): number {
	return createHash('sha256').update(id).digest().readUInt32BE(0) >>> 1;
}

// A second time of a session is an event of its own, with a name-based UUID.
function guidOf(id: string, index: number): string {
	if (index === 0) return id;
	const hex = createHash('sha256').update(`${id} ${index}`).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** "2027-06-09T09:00:00-03:00": the instant as the venue's clocks show it. */
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
	return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}${offset}`;
}

function durationOf(slot: Slot): string {
	const minutes = Math.round((Date.parse(slot.end) - Date.parse(slot.start)) / 60_000);
	return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function personOf(person: SessionPerson) {
	return { id: numberOf(person.code), code: person.code, public_name: person.display_name };
}

function eventOf(session: Session, slot: Slot, index: number, room: string, context: ScheduleContext): ScheduleEvent {
	const { words, zone } = context;
	const date = localIso(slot.start, zone);
	return {
		id: numberOf(guidOf(session.id, index)),
		guid: guidOf(session.id, index),
		code: session.code,
		date,
		start: date.slice(11, 16),
		duration: durationOf(slot),
		room,
		slug: `${context.slug}-${session.code.toLowerCase()}`,
		url: context.address(session),
		title: words(session.title),
		subtitle: '',
		track: words(session.track),
		type: words(session.format),
		language: session.spoken[0] ?? '',
		abstract: words(session.abstract),
		description: words(session.content_note),
		do_not_record: !session.is_recorded,
		persons: [...new Map(session.people.map((person) => [person.code, personOf(person)])).values()]
	};
}

/** The agenda by day and room. Breaks and cancelled sessions are no events; a session in two rooms stands in the first. */
export function scheduleOf(sessions: readonly Session[], context: ScheduleContext): Schedule {
	const events = sessions
		.filter((session) => !session.is_break && !session.is_cancelled)
		.flatMap((session) =>
			session.slots.map((slot, index) => {
				const name = context.rooms.find((room) => slot.rooms.includes(room.slug))?.name ?? '';
				return { event: eventOf(session, slot, index, name, context), end: localIso(slot.end, context.zone) };
			})
		);
	const dates = [...new Set(events.map(({ event }) => event.date.slice(0, 10)))].sort();
	const days = dates.map((date, index) => {
		const those = events.filter(({ event }) => event.date.startsWith(date));
		const rooms = context.rooms.map(
			({ name }) => [name, those.filter(({ event }) => event.room === name).map(({ event }) => event)] as const
		);
		return {
			index: index + 1,
			date,
			day_start: those.map(({ event }) => event.date).sort()[0] ?? '',
			day_end:
				those
					.map(({ end }) => end)
					.sort()
					.at(-1) ?? '',
			rooms: Object.fromEntries(rooms.filter(([, list]) => list.length > 0))
		};
	});
	return {
		version: context.version,
		base_url: context.base,
		conference: {
			acronym: context.slug,
			title: context.title,
			start: context.startsOn,
			end: context.endsOn,
			daysCount: days.length,
			timeslot_duration: '00:05',
			time_zone_name: context.zone,
			rooms: context.rooms.map(({ name }) => ({ name })),
			days
		}
	};
}
