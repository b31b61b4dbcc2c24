/* Named pools of seats, for people without a member. No I/O. */
import type { AnswerOf } from '#lib/database/calls.ts';
import { joinFacts } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { categories } from '#lib/registration/registration.ts';
import type { PoolSeats } from '#lib/database/answers/members/members.ts';

export type { Pool, Pools } from '#lib/database/answers/members/members.ts';

/** Categories that can have pools. */
export const pooledCategories = categories.filter((category) => category !== 'delegate');

/** Seats that are still available. */
export function freeIn(seats: PoolSeats): number {
	return Math.max(0, seats.ceiling - seats.held - seats.taken);
}

type Moved = AnswerOf<'move_to_pool'>[number];

const words: Record<Moved['status'], () => string> = {
	ok: m.members_moved_ok,
	already: m.members_moved_already,
	no_room: m.members_moved_no_room,
	others_wait: m.members_moved_others_wait,
	wrong_category: m.members_moved_wrong_category,
	has_member: m.members_moved_has_member,
	wrong_state: m.members_moved_wrong_state,
	not_found: m.members_moved_not_found
};

/** The result of moving several people, in a sentence. */
export function movedSentence(answers: readonly Pick<Moved, 'status'>[]): { text: string; good: boolean } {
	const counts = new Map<Moved['status'], number>();
	for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
	const parts = [...counts].map(([status, count]) => m.members_moved_count({ count, what: words[status]() }));
	return {
		text: parts.length > 0 ? `${joinFacts(parts)}.` : m.members_moved_nobody(),
		good: counts.size > 0 && [...counts.keys()].every((status) => status === 'ok' || status === 'already')
	};
}
