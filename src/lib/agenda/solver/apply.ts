/* A proposal as changes of the draft, all or those of chosen sessions. No I/O. */
import type { Change, DraftAnswer } from '../builder/builder.ts';
import type { Checks, Finding } from '../checks/checks.ts';
import type { ProposedPlace, ScheduleFacts } from './problem.ts';
import type { ProposedChange, SessionProposal } from './proposal.ts';

/** The answer to the changes of a proposal; `findings`: they would bring these conflicts, and nothing was changed. */
export type ApplyAnswer =
	DraftAnswer | ({ status: 'findings'; findings: Finding[] } & Pick<Checks, 'sessions' | 'people'>);

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

/**
 * The sessions of a proposal that are chosen at first: those that get a place or another one. A session that is to lose its place is
 * among them where one of these needs it.
 */
export function chosenAtFirst(
	facts: Pick<ScheduleFacts, 'sessions'>,
	proposed: readonly SessionProposal[]
): Set<string> {
	const of = (...changes: ProposedChange[]) =>
		proposed.filter(({ change }) => changes.includes(change)).map(({ session }) => session);
	const chosen = new Set(of('placed', 'moved'));
	const leaving = new Set(of('unplaced'));
	for (const session of roomClashes(facts, proposed, chosen).flat()) if (leaving.has(session)) chosen.add(session);
	return chosen;
}

/** The conflicts that are in the agenda after a change and were not before; that a session has no time is no conflict here. */
export function newFindings(before: readonly Finding[], after: readonly Finding[]): Finding[] {
	const keyOf = ({ code, sessions, detail }: Finding) => `${code} ${sessions.toSorted().join()} ${detail.person ?? ''}`;
	const known = new Set(before.map(keyOf));
	return after.filter(
		(finding) => finding.severity !== 'note' && finding.code !== 'no_slot' && !known.has(keyOf(finding))
	);
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
