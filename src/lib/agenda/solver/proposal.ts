/* What a search found, by session: from where to where. No I/O. */
import type { Model } from './model.ts';
import { isFixed, type ProposedPlace, type SessionFacts } from './problem.ts';
import { DraftSchedule } from './schedule.ts';
import type { Solution } from './search.ts';

const minute = 60_000;

/** What becomes of a session: it gets its first place, another one, or none; it stays; or it stays though its place breaks rules. */
export type ProposedChange = 'placed' | 'moved' | 'unplaced' | 'stays' | 'stuck';

export interface SessionProposal {
	session: string;
	change: ProposedChange;
	from: ProposedPlace | null;
	to: ProposedPlace | null;
}

/** The sessions that the solver was free to place, in the order of the facts. */
export function proposalOf(model: Model, solution: Solution): SessionProposal[] {
	const stuck = new Set(model.stuck);
	return model.sessions.flatMap(({ facts }, index): SessionProposal[] => {
		const item = model.itemOf.get(facts.id);
		const from = presentPlace(facts);
		if (item === undefined) return stuck.has(index) ? [{ session: facts.id, change: 'stuck', from, to: from }] : [];
		const to = placeOf(model, item, solution);
		return [{ session: facts.id, change: changeOf(from, to), from, to }];
	});
}

/** A session's only present place; null: none. */
export function presentPlace(session: Pick<SessionFacts, 'is_break' | 'slots'>): ProposedPlace | null {
	const [slot] = session.slots;
	const [room] = slot?.rooms ?? [];
	if (!slot || room === undefined || isFixed(session)) return null;
	return { start: Date.parse(slot.start), end: Date.parse(slot.end), room };
}

function placeOf(model: Model, item: number, solution: Solution): ProposedPlace | null {
	const place = solution.get(item);
	const about = model.items[item];
	const room = model.rooms[place?.room ?? -1];
	if (!place || !about || !room) return null;
	return { start: place.start * minute, end: (place.start + about.minutes) * minute, room: room.facts.slug };
}

function changeOf(from: ProposedPlace | null, to: ProposedPlace | null): ProposedChange {
	if (!to) return 'unplaced';
	if (!from) return 'placed';
	return from.start === to.start && from.room === to.room ? 'stays' : 'moved';
}

/** The schedule that a search found, to ask about places in it. */
export function draftScheduleOf(model: Model, solution: Solution): DraftSchedule {
	const schedule = new DraftSchedule(model);
	for (const [item, place] of solution) if (place) schedule.place(item, place.start, place.room);
	return schedule;
}
