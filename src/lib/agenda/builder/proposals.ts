import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { clock } from '#lib/i18n/time.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import { boardDays } from './board.ts';
import { isHumane } from './humane.ts';
import type { MoveFacts } from '#lib/database/answers/agenda/builder.ts';

export type { MoveFacts } from '#lib/database/answers/agenda/builder.ts';

/** A free place; `misses` lists what does not fit, in words, and is empty where everything does. */
export interface FreePlace {
	start: string;
	end: string;
	room: string;
	misses: string[];
}

export interface PlaceRequest {
	/** The session that moves: its own times do not block it. */
	session: string;
	attendance: 'hall_and_online' | 'hall' | 'online';
	minutes: number;
	zone: string;
	starts_on: string;
	ends_on: string;
}

const minute = 60_000;

/** Free places for a session: the best and earliest in each room on each day, best first, at most `most`. */
export function freePlaces(facts: MoveFacts, request: PlaceRequest, most = 12): FreePlace[] {
	const { rooms, people } = readFacts(facts, request);
	const proposals: (FreePlace & { order: number })[] = [];
	for (const day of boardDays(request, [])) {
		const starts = startsOf(day, request);
		for (const [order, room] of rooms.entries()) {
			let best: (FreePlace & { order: number }) | null = null;
			for (const start of starts) {
				const end = start + request.minutes * minute;
				if (room.held.some((held) => held.start < end && start < held.end)) continue;
				const misses = [...room.lacks, ...people.flatMap((one) => personMisses(one, start, end, facts.limits))];
				if (best && best.misses.length <= misses.length) continue;
				best = { start: iso(start), end: iso(end), room: room.slug, misses, order };
				if (misses.length === room.lacks.length) break;
			}
			if (best) proposals.push(best);
		}
	}
	return proposals
		.sort((a, b) => a.misses.length - b.misses.length || a.start.localeCompare(b.start) || a.order - b.order)
		.slice(0, most)
		.map(({ start, end, room, misses }) => ({ start, end, room, misses }));
}

/** Every free place of these starts and rooms, in their order. */
export function placesAt(
	facts: MoveFacts,
	request: PlaceRequest,
	starts: readonly number[],
	isRoom: (slug: string) => boolean
): FreePlace[] {
	const { rooms, people } = readFacts(facts, request);
	return starts.flatMap((start) => {
		const end = start + request.minutes * minute;
		const free = rooms.filter(
			(room) => isRoom(room.slug) && !room.held.some((held) => held.start < end && start < held.end)
		);
		const others = people.flatMap((one) => personMisses(one, start, end, facts.limits));
		return free.map(({ slug, lacks }) => ({
			start: iso(start),
			end: iso(end),
			room: slug,
			misses: [...lacks, ...others]
		}));
	});
}

function readFacts(facts: MoveFacts, request: PlaceRequest) {
	return {
		rooms: facts.rooms.map((room) => ({
			...room,
			held: spans(room.busy, request.session),
			lacks: lacksOf(room, facts, request)
		})),
		people: facts.people.map((one) => ({ ...one, held: spans(one.busy), can: spans(one.available) }))
	};
}

/** From eight, every quarter of an hour, so that it ends by eight in the evening; times that a clock change skips are skipped. */
export function startsOf(day: string, { zone, minutes }: PlaceRequest): number[] {
	const [from, until] = ['08:00', '20:00'].map((time) => Date.parse(instantOf(`${day}T${time}`, zone) ?? ''));
	const starts: number[] = [];
	if (from === undefined || until === undefined) return starts;
	for (let at = from; at + minutes * minute <= until || at === from; at += 15 * minute) starts.push(at);
	return starts;
}

function spans(times: readonly (readonly [start: string, end: string, session?: string | null])[], except?: string) {
	return times
		.filter(([, , session]) => except === undefined || session !== except)
		.map(([start, end]) => ({ start: Date.parse(start), end: Date.parse(end) }));
}

function lacksOf(room: MoveFacts['rooms'][number], { needs }: MoveFacts, { attendance }: PlaceRequest): string[] {
	const has = room.equipment.map((one) => one.toLowerCase());
	const missing = needs.equipment.filter((one) => !has.includes(one.toLowerCase()));
	const isOnline = room.kind === 'online';
	return [
		attendance === 'hall' && isOnline && m.agenda_miss_hall(),
		attendance === 'online' && !isOnline && m.agenda_miss_online(),
		!isOnline &&
			needs.expected !== null &&
			room.capacity !== null &&
			needs.expected > room.capacity &&
			m.agenda_miss_capacity({ expected: needs.expected, capacity: room.capacity }),
		...(isOnline ? [] : missing.map((thing) => m.agenda_miss_equipment({ thing: isolated(thing) }))),
		needs.step_free && !room.step_free && !isOnline && m.agenda_miss_step_free(),
		needs.hearing_loop && !room.hearing_loop && !isOnline && m.agenda_miss_hearing_loop()
	].filter((word) => word !== false);
}

interface Person {
	name: string;
	remote: boolean;
	zone: string | null;
	held: { start: number; end: number }[];
	can: { start: number; end: number }[];
}

function personMisses(person: Person, start: number, end: number, limits: MoveFacts['limits']): string[] {
	const { remote, zone, held, can } = person;
	const name = isolated(person.name);
	return [
		held.some((span) => span.start < end && start < span.end) && m.agenda_miss_busy({ name }),
		can.length > 0 && !can.some((span) => span.start <= start && end <= span.end) && m.agenda_miss_away({ name }),
		remote &&
			zone !== null &&
			!isHumane(start, end, zone, limits) &&
			m.agenda_miss_hours({ name, time: clock(iso(start), zone) })
	].filter((word) => word !== false);
}

const iso = (at: number) => new Date(at).toISOString();
