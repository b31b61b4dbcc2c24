import { joinList } from '#lib/i18n/list.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { AwaitedPerson, DoorNow, OnTheDay, SessionSoon } from '#lib/database/answers/door/today.ts';

export type { DoorNow, LastSeenAt, OnTheDay, SessionSoon } from '#lib/database/answers/door/today.ts';

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
				words: began ? m.door_organise_alarm_begun(who) : m.door_organise_alarm_not_seen(who),
				path: `/sessions/${session.code}`,
				grave: began
			}
		];
	});
	const doors = today.doors.flatMap((door) => alarmsOfDoor(door, words(door.name)));
	const others: DayAlarm[] = [];
	const { conflicts, mail } = today;
	if (conflicts > 0)
		others.push({ words: m.door_organise_alarm_matters({ count: conflicts }), path: '/organise/door', grave: false });
	if (mail > 0)
		others.push({ words: m.door_organise_alarm_mail({ count: mail }), path: '/organise/mail', grave: false });
	return [...sessions, ...doors, ...others].sort((a, b) => Number(b.grave) - Number(a.grave));
}

function alarmsOfDoor({ inside, capacity, devices, silent, queued }: DoorNow, place: string): DayAlarm[] {
	const found: Omit<DayAlarm, 'path'>[] = [];
	if (capacity !== null && inside >= capacity)
		found.push({ words: m.door_organise_alarm_full({ place }), grave: true });
	if (silent > 0)
		found.push({ words: m.door_organise_alarm_silent({ count: silent, place }), grave: silent === devices });
	if (queued > 20) found.push({ words: m.door_organise_alarm_waiting({ count: queued, place }), grave: false });
	return found.map((one) => ({ ...one, path: '/organise/door' }));
}
