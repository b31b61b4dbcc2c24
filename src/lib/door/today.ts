import type { SessionRole } from '#lib/agenda/session.ts';
import { joinList } from '#lib/i18n/list.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';

/** Where a person of a session was last seen: connected to the stage, in its green room, or in the building. */
export type LastSeenAt = 'stage' | 'green_room' | 'building' | null;

interface AwaitedPerson {
	name: string;
	role: SessionRole;
	/** Their LiveKit identity, once they had a pass. */
	identity: string | null;
	seen: LastSeenAt;
}

/** A session that begins within half an hour, or has begun within it. */
export interface SessionSoon {
	code: string;
	title: TextMap;
	room: TextMap;
	/** When it begins, ISO. */
	at: string;
	run: string | null;
	state: 'waiting' | 'live' | 'paused' | null;
	people: AwaitedPerson[];
}

/** A checkpoint in the last five minutes. */
export interface DoorNow {
	id: string;
	name: TextMap;
	kind: string;
	/** Scans, and those of them that were refused. */
	now: number;
	refused: number;
	inside: number;
	capacity: number | null;
	devices: number;
	silent: number;
	/** Scans that its devices have not sent yet. */
	queued: number;
}

export interface OnTheDay {
	day: string;
	came: number;
	building: number;
	/** First arrivals by quarter of an hour. */
	arrivals: { at: string; people: number }[];
	doors: DoorNow[];
	soon: SessionSoon[];
	conflicts: number;
	mail: number;
	/** Changes when something of `soon` changed. */
	mark: string;
}

/** The event for everyone who may see this page. */
export type DayEvent = Omit<OnTheDay, 'soon'>;

/** A warning with its page. */
interface DayAlarm {
	words: string;
	/** After `/[summit]`. */
	path: string;
	grave: boolean;
}

/** Each session once at each of its times, with all its rooms then: hall and overflow, for example. */
export function inAllRooms(soon: readonly SessionSoon[]): (SessionSoon & { rooms: TextMap[] })[] {
	const found = new Map<string, SessionSoon & { rooms: TextMap[] }>();
	for (const session of soon) {
		const name = `${session.code} ${session.at}`;
		const before = found.get(name);
		if (before) before.rooms.push(session.room);
		else found.set(name, { ...session, rooms: [session.room] });
	}
	return [...found.values()];
}

/** The people of a session whom nobody has seen, when it begins within a quarter of an hour or has begun. */
export function missingFrom(session: SessionSoon, now: number): AwaitedPerson[] {
	return Date.parse(session.at) - now > 15 * 60_000 ? [] : session.people.filter(({ seen }) => seen === null);
}

/** The present warnings, most severe first. `words` chooses the reader's language. */
export function dayAlarms(today: OnTheDay, now: number, words: (map: TextMap) => string): DayAlarm[] {
	const sessions = inAllRooms(today.soon).flatMap((session): DayAlarm[] => {
		const missing = missingFrom(session, now);
		if (missing.length === 0) return [];
		const began = Date.parse(session.at) <= now;
		const who = { names: joinList(missing.map(({ name }) => name)), title: words(session.title) };
		return [
			{
				words: began ? m.doors_alarm_begun(who) : m.doors_alarm_not_seen(who),
				path: `/sessions/${session.code}`,
				grave: began
			}
		];
	});
	const doors = today.doors.flatMap((door) => alarmsOfDoor(door, words(door.name)));
	const others: DayAlarm[] = [];
	const { conflicts, mail } = today;
	if (conflicts > 0)
		others.push({ words: m.doors_alarm_matters({ count: conflicts }), path: '/organise/door', grave: false });
	if (mail > 0) others.push({ words: m.doors_alarm_mail({ count: mail }), path: '/organise/mail', grave: false });
	return [...sessions, ...doors, ...others].sort((a, b) => Number(b.grave) - Number(a.grave));
}

function alarmsOfDoor({ inside, capacity, devices, silent, queued }: DoorNow, place: string): DayAlarm[] {
	const found: Omit<DayAlarm, 'path'>[] = [];
	if (capacity !== null && inside >= capacity) found.push({ words: m.doors_alarm_full({ place }), grave: true });
	if (silent > 0) found.push({ words: m.doors_alarm_silent({ count: silent, place }), grave: silent === devices });
	if (queued > 20) found.push({ words: m.doors_alarm_waiting({ count: queued, place }), grave: false });
	return found.map((one) => ({ ...one, path: '/organise/door' }));
}
