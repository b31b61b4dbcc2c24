/* A schedule while it is searched: what a place would cost or break is asked without looking at sessions that it does not touch. */
import type { Model } from './model.ts';
import { crowded, personFinding, workOf, type PlacedSession } from './rules.ts';
import { meet } from './sets.ts';
import { costOf, pairCosts, placeUnits, unitsOfRoom } from './wishes.ts';

/** Minutes of a bucket: sessions that meet share one. */
const width = 30;

/** What a session without a place costs more than any wish. */
export const unplacedCost = 10_000_000;

/** Where items are, and what it costs. */
export class DraftSchedule {
	readonly model: Model;
	/** Minutes; NaN: without a place. */
	readonly start: Float64Array;
	readonly end: Float64Array;
	/** Of each item; fixed ones may have several. */
	readonly rooms: (readonly number[])[];
	/** Of the wishes. */
	cost = 0;
	readonly #pairs: Int32Array;
	readonly #noPair: Uint8Array | null;
	readonly #count: number;
	readonly #single: (readonly [number])[];
	readonly #inRoom: number[][];
	readonly #ofPerson: number[][];
	readonly #work: number[][];
	readonly #buckets = new Map<number, number[]>();
	/** How many sessions of a track a room has on a day, and how many rooms it uses. */
	readonly #trackRooms = new Map<number, Map<number, number>>();
	readonly #unary: Int32Array;
	readonly #isCrowded: boolean;

	constructor(model: Model) {
		this.model = model;
		const { items, rooms, people, sessions } = model;
		this.start = new Float64Array(items.length).fill(Number.NaN);
		this.end = new Float64Array(items.length).fill(Number.NaN);
		this.rooms = items.map(() => []);
		this.#pairs = pairCosts(model).costs;
		this.#count = sessions.length;
		this.#unary = new Int32Array(items.length * 2 * rooms.length).fill(-1);
		this.#noPair = model.hard.has('member_parallel') ? sharedMembers(model) : null;
		this.#isCrowded = model.hard.has('track_parallel');
		this.#single = rooms.map((_, index) => [index] as const);
		this.#inRoom = rooms.map(() => []);
		this.#ofPerson = people.map(() => []);
		this.#work = people.map(() => []);
		for (const [index, { moves, now }] of items.entries()) if (!moves && now) this.#put(index, now.start, now.rooms);
	}

	isPlaced(item: number): boolean {
		return !Number.isNaN(this.start[item]);
	}

	/** What a start costs an item without its room; Infinity: it breaks a rule. The item must have no place. */
	timeCost(item: number, start: number): number {
		const about = this.model.items[item];
		const session = this.model.sessions[about?.session ?? -1];
		if (!about || !session) return 0;
		const end = start + about.minutes;
		for (const { person, isSure } of session.staff) {
			for (const other of this.#ofPerson[person] ?? []) {
				if (this.#startOf(other) < end && start < this.#endOf(other) && this.#sessionOf(other) !== about.session) {
					const code = isSure && this.#isSure(other, person) ? 'speaker_twice' : 'speaker_maybe_twice';
					if (this.model.hard.has(code)) return Infinity;
				}
			}
		}
		for (const person of session.interpreters) if (this.#isOverworked(person, start, end)) return Infinity;
		let cost = 0;
		const row = about.session * this.#count;
		const beside: number[] = [];
		let isRefused = false;
		this.#eachMeeting(start, end, (other) => {
			const theirs = this.#sessionOf(other);
			if (theirs < 0) return;
			cost += this.#pairs[row + theirs] ?? 0;
			if (this.#noPair?.[row + theirs]) isRefused = true;
			if (this.#isCrowded && session.track >= 0 && this.model.sessions[theirs]?.track === session.track)
				beside.push(other);
		});
		if (isRefused) return Infinity;
		if (beside.length > 0) {
			const mine = { session: about.session, start, end, rooms: [] };
			if (
				crowded(
					this.model,
					mine,
					beside.map((other) => this.#placed(other))
				).length > 0
			)
				return Infinity;
		}
		return cost;
	}

	/** What the room adds to `timeCost`; Infinity: it is taken, or the walk of somebody is too long. */
	roomCost(item: number, start: number, room: number): number {
		const about = this.model.items[item];
		if (!about) return Infinity;
		const end = start + about.minutes;
		for (const other of this.#inRoom[room] ?? []) if (this.#isTaken(item, other, start, end)) return Infinity;
		if (this.#isTooFar(item, start, room)) return Infinity;
		return this.#unaryCost(item, start, room) + this.#trackRoomCost(item, start, room);
	}

	/** What a place costs; Infinity: it breaks a rule. */
	costAt(item: number, start: number, room: number): number {
		const cost = this.roomCost(item, start, room);
		return cost === Infinity ? Infinity : cost + this.timeCost(item, start);
	}

	/** Places an item; what that costs was asked before, or is asked now. */
	place(item: number, start: number, room: number, cost = this.costAt(item, start, room)): void {
		const single = this.#single[room];
		if (!single) return;
		this.#put(item, start, single, cost);
	}

	/** Takes an item's place away, and answers what it cost. */
	remove(item: number): number {
		const [room] = this.rooms[item] ?? [];
		const start = this.#startOf(item);
		if (room === undefined || Number.isNaN(start)) return 0;
		this.#take(item);
		const cost =
			this.#meetingCost(item, start) + this.#unaryCost(item, start, room) + this.#trackRoomCost(item, start, room);
		this.cost -= cost;
		return cost;
	}

	/** The items that would have to leave for a place; null: what is fixed, or a rule of its own, stands against it. */
	blockers(item: number, start: number, room: number, most: number): number[] | null {
		const about = this.model.items[item];
		const session = this.model.sessions[about?.session ?? -1];
		if (!about || !session) return null;
		const end = start + about.minutes;
		const found = new Set<number>();
		for (const other of this.#inRoom[room] ?? []) if (this.#isTaken(item, other, start, end)) found.add(other);
		const mine = { session: about.session, start, end, rooms: [room] };
		for (const one of session.staff)
			for (const other of this.#ofPerson[one.person] ?? []) {
				const code = personFinding(this.model, { ...mine, ...one }, this.#staffed(other, one.person));
				if (code && this.model.hard.has(code)) found.add(other);
			}
		for (const person of session.interpreters) {
			const others = (this.#work[person] ?? []).filter((other) => !found.has(other));
			while (others.length > 0 && this.#isOverworked(person, start, end, found)) {
				const next = others.findIndex((other) => this.model.items[other]?.moves);
				if (next < 0) return null;
				for (const other of others.splice(next, 1)) found.add(other);
			}
			if (this.#isOverworked(person, start, end, found)) return null;
		}
		if (this.#noPair || this.#isCrowded) {
			const row = about.session * this.#count;
			const same: number[] = [];
			this.#eachMeeting(start, end, (other) => {
				const theirs = this.#sessionOf(other);
				if (theirs < 0 || found.has(other)) return;
				if (this.#noPair?.[row + theirs]) found.add(other);
				else if (this.#isCrowded && session.track >= 0 && this.model.sessions[theirs]?.track === session.track)
					same.push(other);
			});
			while (
				same.length > 0 &&
				crowded(
					this.model,
					mine,
					same.map((other) => this.#placed(other))
				).length > 0
			) {
				const next = same.findIndex((other) => this.model.items[other]?.moves);
				if (next < 0) return null;
				for (const other of same.splice(next, 1)) found.add(other);
			}
		}
		for (const other of found) if (!this.model.items[other]?.moves) return null;
		return found.size > most ? null : [...found];
	}

	/** Everything that is placed in sessions that the reader sees. */
	placements(): (PlacedSession & { item: number })[] {
		return this.model.items.flatMap(({ session }, item) =>
			session < 0 || !this.isPlaced(item) ? [] : [{ item, ...this.#placed(item) }]
		);
	}

	/** Whether the track of an item's session would use one more room that day, beside others. */
	usesNewRoom(item: number, start: number, room: number): boolean {
		const track = this.model.sessions[this.#sessionOf(item)]?.track ?? -1;
		if (track < 0) return false;
		const rooms = this.#trackRooms.get(this.#trackDay(track, start));
		return rooms !== undefined && rooms.size > 0 && !rooms.has(room);
	}

	/** The items that meet a time. */
	meeting(start: number, end: number): number[] {
		const found: number[] = [];
		this.#eachMeeting(start, end, (item) => found.push(item));
		return found;
	}

	/** The items in a room at a time, or too close to it for this one. */
	inRoom(item: number, room: number, start: number, end: number): number[] {
		return (this.#inRoom[room] ?? []).filter((other) => this.#isTaken(item, other, start, end));
	}

	/** Calls for each item that meets a time. */
	#eachMeeting(start: number, end: number, call: (item: number) => void): void {
		const first = Math.floor(start / width);
		for (let bucket = first; bucket * width < end; bucket += 1)
			for (const other of this.#buckets.get(bucket) ?? []) {
				const theirs = this.#startOf(other);
				// Those that share several buckets are met in the first of them.
				if (bucket !== Math.max(first, Math.floor(theirs / width))) continue;
				if (theirs < end && start < this.#endOf(other)) call(other);
			}
	}

	#meetingCost(item: number, start: number): number {
		const about = this.model.items[item];
		if (!about || about.session < 0) return 0;
		const row = about.session * this.#count;
		let cost = 0;
		this.#eachMeeting(start, start + about.minutes, (other) => {
			const theirs = this.#sessionOf(other);
			if (theirs >= 0) cost += this.#pairs[row + theirs] ?? 0;
		});
		return cost;
	}

	#startOf = (item: number) => this.start[item] ?? Number.NaN;
	#endOf = (item: number) => this.end[item] ?? Number.NaN;
	#sessionOf = (item: number) => this.model.items[item]?.session ?? -1;

	#placed(item: number): PlacedSession {
		return {
			session: this.#sessionOf(item),
			start: this.#startOf(item),
			end: this.#endOf(item),
			rooms: this.rooms[item] ?? []
		};
	}

	#staffed(item: number, person: number) {
		const placed = this.#placed(item);
		const one = this.model.sessions[placed.session]?.staff.find((each) => each.person === person);
		return { ...placed, isSure: one?.isSure ?? false, isRemote: one?.isRemote ?? false };
	}

	#isSure(item: number, person: number): boolean {
		return (
			this.model.sessions[this.#sessionOf(item)]?.staff.some((one) => one.person === person && one.isSure) ?? false
		);
	}

	// The pause is kept where the solver moves something: what was placed by hand may touch.
	#isTaken(item: number, other: number, start: number, end: number): boolean {
		const { items, options } = this.model;
		const isAsPlaced = items[item]?.now?.start === start && items[other]?.now?.start === this.#startOf(other);
		const pause = items[other]?.moves && !isAsPlaced ? options.pause : 0;
		return this.#startOf(other) < end + pause && start < this.#endOf(other) + pause;
	}

	#isTooFar(item: number, start: number, room: number): boolean {
		if (this.model.longestWalk === 0 || !this.model.hard.has('speaker_travel')) return false;
		const about = this.model.items[item];
		const session = this.model.sessions[about?.session ?? -1];
		if (!about || !session) return false;
		const end = start + about.minutes;
		for (const one of session.staff) {
			if (one.isRemote) continue;
			for (const other of this.#ofPerson[one.person] ?? []) {
				const [from, until] = [this.#startOf(other), this.#endOf(other)];
				if (from >= end + this.model.longestWalk || until + this.model.longestWalk <= start) continue;
				if (from < end && start < until) continue;
				const mine = { session: about.session, start, end, rooms: [room], ...one };
				if (personFinding(this.model, mine, this.#staffed(other, one.person)) === 'speaker_travel') return true;
			}
		}
		return false;
	}

	#isOverworked(person: number, start: number, end: number, without?: ReadonlySet<number>): boolean {
		const others = (this.#work[person] ?? [])
			.filter((other) => !without?.has(other))
			.map((other) => ({ start: this.#startOf(other), end: this.#endOf(other) }));
		return workOf(this.model, person, { start, end }, others).isTooMuch;
	}

	#unaryCost(item: number, start: number, room: number): number {
		const about = this.model.items[item];
		if (!about?.moves) return 0;
		// Only whether it stays depends on the time, unless a Summit made rules of times into notes.
		const key = (item * 2 + (about.now?.start === start ? 1 : 0)) * this.model.rooms.length + room;
		const known = this.#unary[key] ?? -1;
		if (known >= 0 && !this.#hasTimeNotes) return known;
		return (this.#unary[key] = costOf(this.model, placeUnits(this.model, item, start, room)));
	}

	get #hasTimeNotes(): boolean {
		const { severities } = this.model.facts;
		return [severities.outside_summit, severities.outside_availability, severities.humane_hours].includes('note');
	}

	#trackDay = (track: number, start: number) => track * 100_000 + this.model.dayOf(start);

	#trackRoomCost(item: number, start: number, room: number): number {
		return this.usesNewRoom(item, start, room) ? unitsOfRoom * this.model.options.weights.rooms : 0;
	}

	#put(item: number, start: number, rooms: readonly number[], known?: number): void {
		const about = this.model.items[item];
		if (!about) return;
		const length = about.moves ? about.minutes : (about.now?.end ?? start) - start;
		const end = start + length;
		let cost = known ?? 0;
		if (known === undefined) {
			const row = about.session * this.#count;
			if (about.session >= 0)
				this.#eachMeeting(start, end, (other) => {
					const theirs = this.#sessionOf(other);
					if (theirs >= 0) cost += this.#pairs[row + theirs] ?? 0;
				});
		}
		this.start[item] = start;
		this.end[item] = end;
		this.rooms[item] = rooms;
		const session = this.model.sessions[about.session];
		for (const room of rooms) {
			this.#inRoom[room]?.push(item);
			if (session && session.track >= 0) {
				if (known === undefined) cost += this.#trackRoomCost(item, start, room);
				const key = this.#trackDay(session.track, start);
				const used = this.#trackRooms.get(key) ?? new Map<number, number>();
				this.#trackRooms.set(key, used.set(room, (used.get(room) ?? 0) + 1));
			}
		}
		for (const { person } of session?.staff ?? []) this.#ofPerson[person]?.push(item);
		for (const person of session?.interpreters ?? []) this.#work[person]?.push(item);
		for (let bucket = Math.floor(start / width); bucket * width < end; bucket += 1) {
			const there = this.#buckets.get(bucket);
			if (there) there.push(item);
			else this.#buckets.set(bucket, [item]);
		}
		this.cost += cost;
	}

	#take(item: number): void {
		const [start, end] = [this.#startOf(item), this.#endOf(item)];
		const session = this.model.sessions[this.#sessionOf(item)];
		for (const room of this.rooms[item] ?? []) {
			drop(this.#inRoom[room], item);
			if (session && session.track >= 0) {
				const used = this.#trackRooms.get(this.#trackDay(session.track, start));
				const count = (used?.get(room) ?? 0) - 1;
				if (count > 0) used?.set(room, count);
				else used?.delete(room);
			}
		}
		for (const { person } of session?.staff ?? []) drop(this.#ofPerson[person], item);
		for (const person of session?.interpreters ?? []) drop(this.#work[person], item);
		for (let bucket = Math.floor(start / width); bucket * width < end; bucket += 1)
			drop(this.#buckets.get(bucket), item);
		this.start[item] = Number.NaN;
		this.end[item] = Number.NaN;
		this.rooms[item] = [];
	}
}

function drop(from: number[] | undefined, item: number): void {
	const at = from?.indexOf(item) ?? -1;
	if (!from || at < 0) return;
	const last = from.pop();
	if (last !== undefined && at < from.length) from[at] = last;
}

function sharedMembers({ sessions }: Model): Uint8Array {
	const shared = new Uint8Array(sessions.length * sessions.length);
	for (const [a, one] of sessions.entries())
		for (const [b, other] of sessions.entries())
			if (a !== b && meet(one.members, other.members)) shared[a * sessions.length + b] = 1;
	return shared;
}
