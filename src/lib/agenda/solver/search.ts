/*
 * The search for a schedule: what may stay stays, the most constrained sessions are placed first, sessions without a place push others away
 * (ejection chains), and then places are changed for better ones (simulated annealing). The same for the same seed on every machine.
 */
import type { Model } from './model.ts';
import { makeRandom } from './random.ts';
import { DraftSchedule, unplacedCost } from './schedule.ts';

/** How far a search is. */
export interface Progress {
	phase: 'place' | 'eject' | 'improve';
	/** From 0 to 1, of its phase. */
	done: number;
	placed: number;
	unplaced: number;
	cost: number;
}

/** Where the items are that the solver places; null: nowhere. */
export type Solution = Map<number, { start: number; room: number } | null>;

export interface FoundSchedule {
	solution: Solution;
	/** Of the wishes. */
	cost: number;
	unplaced: number;
}

/** How many changes are tried for so many sessions, unless the caller says otherwise. */
export const usualIterations = (sessions: number) => Math.min(1_500_000, Math.max(60_000, sessions * 2500));

/** How many steps pass between two reports. */
const chunk = 2000;

export class Search {
	readonly #model: Model;
	readonly #schedule: DraftSchedule;
	readonly #random: () => number;
	readonly #iterations: number;
	readonly #pushed: Float64Array;
	#waiting: number[] = [];
	#best: FoundSchedule;
	/** The items that moved since the best was kept. */
	readonly #changed = new Set<number>();

	constructor(model: Model, options: { seed: number; iterations?: number }) {
		this.#model = model;
		this.#schedule = new DraftSchedule(model);
		this.#random = makeRandom(options.seed);
		this.#iterations = options.iterations ?? usualIterations(model.movable.length);
		this.#pushed = new Float64Array(model.items.length);
		this.#waiting = [...model.movable];
		this.#best = {
			solution: new Map(model.movable.map((item) => [item, null])),
			cost: this.#schedule.cost,
			unplaced: model.movable.length
		};
	}

	/** The best so far; it breaks no rule at any moment. */
	best(): FoundSchedule {
		return { ...this.#best, solution: new Map(this.#best.solution) };
	}

	/** Searches, and reports from time to time: a caller that asks for no more reports ends it. */
	*run(): Generator<Progress, void> {
		yield* this.#stay();
		yield* this.#construct();
		yield* this.#eject();
		yield* this.#improve();
	}

	get #worth(): number {
		return this.#waiting.length * unplacedCost + this.#schedule.cost;
	}

	#report(phase: Progress['phase'], done: number): Progress {
		const unplaced = this.#waiting.length;
		return { phase, done, placed: this.#model.movable.length - unplaced, unplaced, cost: this.#schedule.cost };
	}

	#keep(): void {
		const best = this.#best;
		if (this.#worth >= best.unplaced * unplacedCost + best.cost) return;
		for (const item of this.#changed) best.solution.set(item, this.#placeOf(item));
		this.#changed.clear();
		best.cost = this.#schedule.cost;
		best.unplaced = this.#waiting.length;
	}

	#placeOf(item: number): { start: number; room: number } | null {
		const [room] = this.#schedule.rooms[item] ?? [];
		const start = this.#schedule.start[item];
		return room === undefined || start === undefined ? null : { start, room };
	}

	#place(item: number, start: number, room: number, cost: number): void {
		this.#schedule.place(item, start, room, cost);
		this.#changed.add(item);
	}

	#remove(item: number): number {
		this.#changed.add(item);
		return this.#schedule.remove(item);
	}

	// What keeps the rules where it is now begins there.
	*#stay(): Generator<Progress, void> {
		const left: number[] = [];
		for (const item of this.#waiting) {
			const now = this.#model.items[item]?.now;
			const [room] = now?.rooms ?? [];
			const isAllowed =
				now && room !== undefined && this.#allowed(item).includes(room) && this.#starts(item).includes(now.start);
			const cost = isAllowed ? this.#schedule.costAt(item, now.start, room) : Infinity;
			if (cost === Infinity || !now || room === undefined) left.push(item);
			else this.#place(item, now.start, room, cost);
		}
		this.#waiting = left;
		this.#keep();
		yield this.#report('place', 0);
	}

	*#construct(): Generator<Progress, void> {
		const { items, sessions } = this.#model;
		const choices = (item: number) => this.#starts(item).length * this.#allowed(item).length;
		const people = (item: number) => sessions[items[item]?.session ?? -1]?.staff.length ?? 0;
		const minutes = (item: number) => items[item]?.minutes ?? 0;
		const order = this.#waiting.toSorted(
			(a, b) => choices(a) / (1 + people(a)) - choices(b) / (1 + people(b)) || minutes(b) - minutes(a) || a - b
		);
		const left: number[] = [];
		for (const [at, item] of order.entries()) {
			if (!this.#placeBest(item)) left.push(item);
			this.#waiting = [...left, ...order.slice(at + 1)];
			if (at % 20 === 0) {
				this.#keep();
				yield this.#report('place', at / order.length);
			}
		}
		this.#waiting = left;
		this.#keep();
		yield this.#report('place', 1);
	}

	#starts = (item: number) => this.#model.starts[item] ?? new Float64Array();
	#allowed = (item: number) => this.#model.allowed[item] ?? new Int32Array();

	/** Places an item where it costs least; whether there was a place. */
	#placeBest(item: number): boolean {
		let [bestCost, bestStart, bestRoom] = [Infinity, 0, -1];
		for (const start of this.#starts(item)) {
			const time = this.#schedule.timeCost(item, start);
			if (time >= bestCost) continue;
			for (const room of this.#allowed(item)) {
				const cost = time + this.#schedule.roomCost(item, start, room);
				if (cost < bestCost) [bestCost, bestStart, bestRoom] = [cost, start, room];
			}
		}
		if (bestRoom < 0) return false;
		this.#place(item, bestStart, bestRoom, bestCost);
		return true;
	}

	// A session without a place pushes away those that were pushed least, which then get another place.
	*#eject(): Generator<Progress, void> {
		const most = Math.min(20_000, 200 + 20 * this.#model.movable.length);
		// What never has a place of its own is not tried again and again.
		const hopeless = this.#waiting.filter((item) => choicesOf(this.#model, item) === 0);
		let queue = this.#waiting.filter((item) => choicesOf(this.#model, item) > 0);
		for (let step = 0; queue.length > 0 && step < most; step += 1) {
			const [item, ...rest] = queue;
			if (item === undefined) break;
			queue = rest;
			if (!this.#placeBest(item)) {
				this.#pushed[item] = (this.#pushed[item] ?? 0) + 1;
				const out = this.#pushOut(item);
				// One that finds no place goes to the end, behind those that may make room.
				queue = out ? [...rest, ...out] : [...rest, item];
			}
			this.#waiting = [...hopeless, ...queue];
			this.#keep();
			if (step % 20 === 0) yield this.#report('eject', step / most);
		}
		this.#restore();
		yield this.#report('eject', 1);
	}

	/** Places an item where it pushes away what was pushed least; null: nowhere. */
	#pushOut(item: number): number[] | null {
		let [least, ties] = [Infinity, 0];
		let best: { start: number; room: number; out: number[] } | null = null;
		for (const start of this.#starts(item))
			for (const room of this.#allowed(item)) {
				const out = this.#schedule.blockers(item, start, room, 4);
				if (!out) continue;
				const sum = out.reduce((total, one) => total + 1 + (this.#pushed[one] ?? 0), 0);
				ties = sum === least ? ties + 1 : sum < least ? 1 : ties;
				if (sum > least || (sum === least && this.#random() * ties >= 1)) continue;
				least = sum;
				best = { start, room, out };
			}
		if (!best) return null;
		for (const one of best.out) this.#remove(one);
		const cost = this.#schedule.costAt(item, best.start, best.room);
		if (cost === Infinity) throw new Error('a place is still taken');
		this.#place(item, best.start, best.room, cost);
		return best.out;
	}

	/** Goes back to the best. */
	#restore(): void {
		for (const item of this.#changed) if (this.#schedule.isPlaced(item)) this.#schedule.remove(item);
		for (const item of [...this.#changed].sort((a, b) => a - b)) {
			const place = this.#best.solution.get(item);
			if (place) this.#schedule.place(item, place.start, place.room);
		}
		this.#changed.clear();
		this.#waiting = [...this.#best.solution].flatMap(([item, place]) => (place ? [] : item));
	}

	*#improve(): Generator<Progress, void> {
		const { movable } = this.#model;
		if (movable.length === 0) return;
		const hot = this.#warmth();
		const cold = Math.max(0.3, hot / 200);
		// It costs most, and helps most where there is little room.
		const pushes = Math.min(0.2, 4 / movable.length);
		for (let step = 0; step < this.#iterations; step += 1) {
			const heat = hot * (cold / hot) ** (step / this.#iterations);
			// Now and then the search goes back to the best, and on from there.
			if (step % Math.ceil(this.#iterations / 8) === 0 && step > 0) this.#restore();
			const item = movable[Math.floor(this.#random() * movable.length)];
			if (item === undefined) continue;
			if (!this.#schedule.isPlaced(item)) this.#push(item, heat);
			else {
				const move = this.#random();
				if (move < pushes) this.#push(item, heat);
				else if (move < 0.4) this.#swap(item, heat);
				else this.#shift(item, heat);
			}
			this.#keep();
			if (step % chunk === 0) yield this.#report('improve', step / this.#iterations);
		}
		this.#restore();
		yield this.#report('improve', 1);
	}

	/** What a change costs on average: the heat at which half of them are still taken. */
	#warmth(): number {
		let [sum, count] = [0, 0];
		for (let n = 0; n < 200; n += 1) {
			const item = this.#any(this.#model.movable);
			if (item === undefined || !this.#schedule.isPlaced(item)) continue;
			const place = this.#placeOf(item);
			if (!place) continue;
			const before = this.#remove(item);
			const after = this.#costOfRandom(item);
			if (after) {
				sum += Math.abs(after.cost - before);
				count += 1;
			}
			this.#place(item, place.start, place.room, before);
		}
		return count > 0 ? Math.max(1, sum / count / 3) : 10;
	}

	#any<T>(of: ArrayLike<T>): T | undefined {
		return of[Math.floor(this.#random() * of.length)];
	}

	#costOfRandom(item: number): { start: number; room: number; cost: number } | null {
		const start = this.#any(this.#starts(item));
		const room = this.#any(this.#allowed(item));
		if (start === undefined || room === undefined) return null;
		const there = this.#schedule.roomCost(item, start, room);
		if (there === Infinity) return null;
		const cost = there + this.#schedule.timeCost(item, start);
		return cost === Infinity ? null : { start, room, cost };
	}

	#isTaken(more: number, heat: number): boolean {
		return more <= 0 || this.#random() < Math.exp(-more / heat);
	}

	#shift(item: number, heat: number): void {
		const place = this.#placeOf(item);
		if (!place) return;
		const before = this.#remove(item);
		const what = this.#random();
		const start = what < 0.25 ? place.start : this.#any(this.#starts(item));
		const room = what > 0.75 ? place.room : this.#any(this.#allowed(item));
		const cost = start === undefined || room === undefined ? Infinity : this.#schedule.costAt(item, start, room);
		if (start === undefined || room === undefined || cost === Infinity || !this.#isTaken(cost - before, heat))
			return this.#place(item, place.start, place.room, before);
		this.#place(item, start, room, cost);
	}

	#swap(item: number, heat: number): void {
		const other = this.#any(this.#model.movable);
		if (other === undefined || other === item) return;
		const [mine, theirs] = [this.#placeOf(item), this.#placeOf(other)];
		if (!mine || !theirs || !this.#mayBe(item, theirs) || !this.#mayBe(other, mine)) return;
		const before = this.#remove(item) + this.#remove(other);
		const first = this.#schedule.costAt(item, theirs.start, theirs.room);
		if (first < Infinity) {
			this.#place(item, theirs.start, theirs.room, first);
			const second = this.#schedule.costAt(other, mine.start, mine.room);
			if (second < Infinity && this.#isTaken(first + second - before, heat))
				return this.#place(other, mine.start, mine.room, second);
			this.#remove(item);
		}
		this.#place(other, theirs.start, theirs.room, this.#schedule.costAt(other, theirs.start, theirs.room));
		this.#place(item, mine.start, mine.room, this.#schedule.costAt(item, mine.start, mine.room));
	}

	/** Moves an item to where others are, which then take the best places that are left; one may be left without. */
	#push(item: number, heat: number): void {
		const start = this.#any(this.#starts(item));
		const room = this.#any(this.#allowed(item));
		if (start === undefined || room === undefined) return;
		const [before, waiting] = [this.#worth, this.#waiting];
		const mine = this.#placeOf(item);
		if (mine) this.#remove(item);
		const out = this.#schedule.blockers(item, start, room, 3) ?? [];
		const theirs = out.map((other) => ({ item: other, place: this.#placeOf(other) }));
		for (const other of out) this.#remove(other);
		const cost = this.#schedule.costAt(item, start, room);
		if (cost < Infinity) {
			this.#place(item, start, room, cost);
			const left = out.filter((other) => !this.#placeBest(other));
			if (!mine || left.length > 0) this.#waiting = [...waiting.filter((one) => one !== item), ...left];
			if (this.#isTaken(this.#worth - before, heat)) return;
			this.#waiting = waiting;
			for (const one of [item, ...out]) if (this.#schedule.isPlaced(one)) this.#remove(one);
		}
		for (const one of [...theirs, { item, place: mine }])
			if (one.place)
				this.#place(
					one.item,
					one.place.start,
					one.place.room,
					this.#schedule.costAt(one.item, one.place.start, one.place.room)
				);
	}

	#mayBe(item: number, { start, room }: { start: number; room: number }): boolean {
		return this.#starts(item).includes(start) && this.#allowed(item).includes(room);
	}
}

const choicesOf = ({ starts, allowed }: Model, item: number) =>
	(starts[item]?.length ?? 0) * (allowed[item]?.length ?? 0);
