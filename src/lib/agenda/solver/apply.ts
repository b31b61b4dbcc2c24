/* A proposal as changes of the draft, all or those of chosen sessions. No I/O. */
import type { Change } from '../builder/builder.ts';
import type { ProposedPlace, ScheduleFacts } from './problem.ts';
import type { SessionProposal } from './proposal.ts';

/** The most changes that are saved at once. */
export const mostChanges = 2000;

const iso = (at: number) => new Date(at).toISOString();

/** The changes that make a proposal the draft; `chosen`: of these sessions alone. */
export function changesOf(
	{ sessions }: Pick<ScheduleFacts, 'sessions'>,
	proposed: readonly SessionProposal[],
	chosen?: ReadonlySet<string>
): Change[] {
	const byId = new Map(sessions.map((session) => [session.id, session]));
	return proposed.flatMap(({ session, change, to }): Change[] => {
		const [slot] = byId.get(session)?.slots ?? [];
		if (change === 'stays' || change === 'stuck' || (chosen && !chosen.has(session))) return [];
		if (!to) return slot ? [{ slot: slot.id, seen: slot, remove: true }] : [];
		const when = { start: iso(to.start), end: iso(to.end), rooms: [to.room] };
		return slot ? [{ slot: slot.id, seen: slot, ...when }] : [{ session, times: 0, ...when }];
	});
}

/** Sessions that would be in one room at one time, were only the chosen changes made: each pair once. */
export function roomClashes(
	facts: Pick<ScheduleFacts, 'sessions'>,
	proposed: readonly SessionProposal[],
	chosen: ReadonlySet<string>
): [string, string][] {
	const moves = new Map(proposed.map((one) => [one.session, one]));
	const placed = facts.sessions.flatMap(
		({ id, slots }): (Omit<ProposedPlace, 'room'> & { id: string; rooms: string[] })[] => {
			const to = moves.get(id)?.to;
			if (chosen.has(id)) return to ? [{ id, start: to.start, end: to.end, rooms: [to.room] }] : [];
			return slots.map(({ start, end, rooms }) => ({ id, start: Date.parse(start), end: Date.parse(end), rooms }));
		}
	);
	return placed.flatMap((one, index) =>
		placed
			.slice(index + 1)
			.filter((other) => one.start < other.end && other.start < one.end && one.id !== other.id)
			.filter(({ rooms }) => rooms.some((room) => one.rooms.includes(room)))
			.map(({ id }): [string, string] => [one.id, id])
	);
}
