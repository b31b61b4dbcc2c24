/* Why a session is where it is, and why not elsewhere: the rules that a place would break, and what it costs by the wishes. No I/O. */
import type { FindingCode } from '#lib/database/answers/agenda/checks.ts';
import type { Model } from './model.ts';
import { wishes, type ProposedPlace, type Wish } from './problem.ts';
import { crowded, pairFindings, roomFindings, timeFindings, workOf, type BrokenCheck } from './rules.ts';
import type { DraftSchedule } from './schedule.ts';
import { pairCosts, pairUnits, placeUnits, unitsOfRoom } from './wishes.ts';

const minute = 60_000;

/** A rule that a place would break; people and sessions by id, null for a session that the reader does not see. */
export interface BrokenRule {
	code: FindingCode | 'room_taken' | 'room_quiet' | 'time_not_offered';
	person?: string;
	other?: string | null;
	seats?: number;
	things?: string[];
}

/** What a wish loses at a place, and the sessions that it meets there, most costly first. */
export interface LostWish {
	wish: Wish;
	cost: number;
	others: string[];
}

/** What a place would mean for a session. */
export interface PlaceReasons {
	rules: BrokenRule[];
	wishes: LostWish[];
	cost: number;
}

/** Why a session is at its place: what it costs there, and the best other places. */
export interface Why {
	here: PlaceReasons | null;
	/** How many places it may have, and how many of these keep every rule beside the other sessions. */
	places: number;
	free: number;
	/** Those that cost least. */
	others: { place: ProposedPlace; cost: number }[];
	/** At how many places each rule stands in the way, most often first. */
	against: { code: BrokenRule['code']; count: number }[];
}

/** Explains places in a schedule. */
export class Explainer {
	readonly #model: Model;
	readonly #schedule: DraftSchedule;
	readonly #shared: ReturnType<typeof pairCosts>;

	constructor(model: Model, schedule: DraftSchedule) {
		this.#model = model;
		this.#schedule = schedule;
		this.#shared = pairCosts(model);
	}

	/** What a place would mean for a session, with all others where the schedule has them. */
	reasonsAt(session: string, { start, room }: Pick<ProposedPlace, 'start' | 'room'>): PlaceReasons | null {
		const item = this.#model.itemOf.get(session);
		const at = this.#model.rooms.findIndex(({ facts }) => facts.slug === room);
		if (item === undefined || at < 0) return null;
		return this.#apart(item, () => this.#reasons(item, start / minute, at));
	}

	/** Why a session has its place, or none. */
	why(session: string): Why | null {
		const { model, item } = { model: this.#model, item: this.#model.itemOf.get(session) };
		const about = model.items[item ?? -1];
		if (item === undefined || !about) return null;
		const here = this.#schedule.isPlaced(item)
			? { start: this.#schedule.start[item] ?? 0, room: this.#schedule.rooms[item]?.[0] ?? 0 }
			: null;
		return this.#apart(item, () => {
			const against = new Map<BrokenRule['code'], number>();
			const others: { place: ProposedPlace; cost: number }[] = [];
			let [places, free] = [0, 0];
			for (const start of model.asked[item] ?? []) {
				const ofTime = this.#timeRules(item, start);
				for (const [room, { facts }] of model.rooms.entries()) {
					if (facts.is_quiet) continue;
					places += 1;
					const codes = new Set([...ofTime, ...this.#roomRules(item, start, room)].map(({ code }) => code));
					for (const code of codes) against.set(code, (against.get(code) ?? 0) + 1);
					if (codes.size > 0) continue;
					free += 1;
					if (here?.start === start && here.room === room) continue;
					const place = { start: start * minute, end: (start + about.minutes) * minute, room: facts.slug };
					others.push({ place, cost: this.#schedule.costAt(item, start, room) });
				}
			}
			others.sort((one, other) => one.cost - other.cost || one.place.start - other.place.start);
			return {
				here: here && this.#reasons(item, here.start, here.room),
				places,
				free,
				others: others.slice(0, 3),
				against: [...against].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count)
			};
		});
	}

	// As if the item had no place.
	#apart<T>(item: number, ask: () => T): T {
		const [start, room] = [this.#schedule.start[item], this.#schedule.rooms[item]?.[0]];
		const cost = this.#schedule.remove(item);
		const answer = ask();
		if (room !== undefined && start !== undefined) this.#schedule.place(item, start, room, cost);
		return answer;
	}

	#reasons(item: number, start: number, room: number): PlaceReasons {
		const lost = this.#wishes(item, start, room);
		const { asked, rooms } = this.#model;
		const notOffered: BrokenRule[] = [
			...(asked[item]?.includes(start) ? [] : [{ code: 'time_not_offered' as const }]),
			...(rooms[room]?.facts.is_quiet ? [{ code: 'room_quiet' as const }] : [])
		];
		return {
			rules: [...notOffered, ...this.#timeRules(item, start), ...this.#roomRules(item, start, room)],
			wishes: lost,
			cost: lost.reduce((sum, { cost }) => sum + cost, 0)
		};
	}

	#said = ({ code, person, other, seats, things }: BrokenCheck): BrokenRule => ({
		code,
		...(person !== undefined && { person: this.#model.people[person]?.facts.id ?? '' }),
		...(other !== undefined && { other: this.#model.sessions[other]?.facts.id ?? null }),
		...(seats !== undefined && { seats }),
		...(things !== undefined && { things })
	});

	#timeRules(item: number, start: number): BrokenRule[] {
		const model = this.#model;
		const about = model.items[item];
		const session = model.sessions[about?.session ?? -1];
		if (!about || !session) return [];
		const mine = { session: about.session, start, end: start + about.minutes, rooms: [] };
		const found = timeFindings(model, about.session, start, mine.end);
		const placed = this.#schedule.placements();
		for (const other of placed)
			found.push(...pairFindings(model, mine, other).filter(({ code }) => code !== 'speaker_travel'));
		const same = placed.filter(
			(other) => other.start < mine.end && start < other.end && model.sessions[other.session]?.track === session.track
		);
		if (session.track >= 0 && crowded(model, mine, same).length > 0) found.push({ code: 'track_parallel' });
		const broken = found.filter(({ code }) => model.hard.has(code));
		// Rest is always kept.
		for (const person of session.interpreters) {
			const others = placed.filter((other) => model.sessions[other.session]?.interpreters.includes(person));
			if (workOf(model, person, mine, others).isTooMuch) broken.push({ code: 'interpreter_hours', person });
		}
		return broken.map(this.#said);
	}

	#roomRules(item: number, start: number, room: number): BrokenRule[] {
		const model = this.#model;
		const about = model.items[item];
		if (!about) return [];
		const mine = { session: about.session, start, end: start + about.minutes, rooms: [room] };
		const taken = this.#schedule.inRoom(item, room, start, mine.end).map((other): BrokenRule => {
			const theirs = model.sessions[model.items[other]?.session ?? -1];
			return { code: 'room_taken', other: theirs?.facts.id ?? null };
		});
		const found = roomFindings(model, about.session, [room]);
		for (const other of this.#near(mine.start, mine.end))
			found.push(...pairFindings(model, mine, other).filter(({ code }) => code === 'speaker_travel'));
		return [...taken, ...found.filter(({ code }) => model.hard.has(code)).map(this.#said)];
	}

	#near(start: number, end: number) {
		const far = this.#model.longestWalk;
		return far === 0
			? []
			: this.#schedule.placements().filter((other) => other.start < end + far && start < other.end + far);
	}

	#wishes(item: number, start: number, room: number): LostWish[] {
		const model = this.#model;
		const about = model.items[item];
		const session = model.sessions[about?.session ?? -1];
		if (!about || !session) return [];
		const lost = new Map<Wish, Map<number, number>>(wishes.map((wish) => [wish, new Map<number, number>()]));
		const add = (wish: Wish, other: number, units: number) => {
			const of = lost.get(wish);
			of?.set(other, (of.get(other) ?? 0) + units * model.options.weights[wish]);
		};
		for (const other of this.#schedule.meeting(start, start + about.minutes)) {
			const theirs = model.items[other]?.session ?? -1;
			if (theirs < 0) continue;
			const shared = this.#shared.sharedOf(about.session, theirs);
			const units = pairUnits(model, about.session, theirs, shared, this.#shared.most);
			for (const wish of wishes) if (units[wish]) add(wish, theirs, units[wish]);
		}
		const units = placeUnits(model, item, start, room);
		for (const wish of wishes) if (units[wish]) add(wish, -1, units[wish]);
		if (this.#schedule.usesNewRoom(item, start, room)) add('rooms', -1, unitsOfRoom);
		return [...lost].flatMap(([wish, of]) => {
			const cost = [...of.values()].reduce((sum, one) => sum + one, 0);
			const others = [...of].sort((a, b) => b[1] - a[1]).flatMap(([other]) => model.sessions[other]?.facts.id ?? []);
			return cost > 0 ? [{ wish, cost, others }] : [];
		});
	}
}
