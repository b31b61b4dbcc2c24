/* What places cost by the wishes, in whole numbers: units of a wish times its weight. No I/O. */
import type { Model } from './model.ts';
import { wishes, type Wish } from './problem.ts';
import { roomFindings, timeFindings } from './rules.ts';
import { meet } from './sets.ts';

/** Units that two sessions cost when they meet, without weights. */
export function pairUnits(model: Model, one: number, other: number, shared: number, mostShared: number) {
	const units: Partial<Record<Wish, number>> = {};
	const [a, b] = [model.sessions[one], model.sessions[other]];
	if (!a || !b || one === other) return units;
	if (a.facts.is_break || b.facts.is_break) {
		if (a.facts.is_break !== b.facts.is_break) units.breaks = 20;
		return units;
	}
	if (shared > 0) units.marks = Math.ceil((20 * shared) / mostShared);
	if (a.track >= 0 && a.track === b.track) units.track = 10;
	if (meet(a.members, b.members)) units.members = 10;
	const alike = [
		[a.sectors, b.sectors],
		[a.regions, b.regions]
	] as const;
	const same = alike.filter(([mine, theirs]) => mine.size > 0 && mine.size === theirs.size && mine.isSubsetOf(theirs));
	if (same.length > 0) units.balance = 5 * same.length;
	if (a.isPlenary || b.isPlenary) units.plenary = 30;
	return units;
}

/** Units of a room at a time for a session, apart from what else is there. */
export function placeUnits(model: Model, item: number, start: number, room: number) {
	const units: Partial<Record<Wish, number>> = {};
	const about = model.items[item];
	const session = model.sessions[about?.session ?? -1];
	const facts = model.rooms[room]?.facts;
	if (!about || !session || !facts) return units;
	const { capacity } = facts;
	if (session.expected !== null && capacity !== null && capacity > session.expected)
		units.size = Math.floor((10 * (capacity - session.expected)) / capacity);
	if (about.now && about.moves) {
		units.stay = (about.now.start === start ? 0 : 10) + (about.now.rooms.includes(room) ? 0 : 5);
	}
	const notes = noteCount(model, about.session, start, start + about.minutes, room);
	if (notes > 0) units.notes = 20 * notes;
	return units;
}

function noteCount(model: Model, session: number, start: number, end: number, room: number): number {
	const { severities } = model.facts;
	// Most Summits leave these checks warnings.
	if (!alone.some((code) => severities[code] === 'note')) return 0;
	const found = [...timeFindings(model, session, start, end), ...roomFindings(model, session, [room])];
	return found.filter(({ code }) => severities[code] === 'note').length;
}

const alone = [
	'outside_summit',
	'outside_availability',
	'humane_hours',
	'room_capacity',
	'audience_room',
	'level_stream',
	'equipment_missing',
	'access_missing'
] as const;

/** Units for each room more than one that a track uses on a day. */
export const unitsOfRoom = 10;

/** What units cost. */
export function costOf(model: Model, units: Partial<Record<Wish, number>>): number {
	let cost = 0;
	for (const wish of wishes) cost += (units[wish] ?? 0) * model.options.weights[wish];
	return cost;
}

/** What each two sessions cost when they meet: one * sessions + other. */
export function pairCosts(model: Model): {
	costs: Int32Array;
	sharedOf: (one: number, other: number) => number;
	most: number;
} {
	const count = model.sessions.length;
	const index = new Map(model.sessions.map(({ facts }, at) => [facts.code, at]));
	const shared = new Map<number, number>();
	let most = 1;
	for (const [one, other, marks] of model.facts.shared) {
		const [a, b] = [index.get(one), index.get(other)];
		if (a === undefined || b === undefined) continue;
		shared.set(Math.min(a, b) * count + Math.max(a, b), marks);
		most = Math.max(most, marks);
	}
	const sharedOf = (one: number, other: number) => shared.get(Math.min(one, other) * count + Math.max(one, other)) ?? 0;
	const costs = new Int32Array(count * count);
	for (let one = 0; one < count; one += 1)
		for (let other = one + 1; other < count; other += 1) {
			const cost = costOf(model, pairUnits(model, one, other, sharedOf(one, other), most));
			costs[one * count + other] = cost;
			costs[other * count + one] = cost;
		}
	return { costs, sharedOf, most };
}
