/* Named pools of seats, for people without a member. No I/O. */
import type { AnswerOf } from '#lib/database/calls.ts';
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

const words: Record<Moved['status'], string> = {
	ok: 'moved',
	already: 'there already',
	no_room: 'not moved: no seat is free there',
	others_wait: 'not moved: others wait for that pool',
	wrong_category: 'not moved: of another category',
	has_member: 'not moved: on a member’s seat',
	wrong_state: 'not moved: no longer registered',
	not_found: 'not found'
};

/** The result of moving several people, in a sentence. */
export function movedSentence(answers: readonly Pick<Moved, 'status'>[]): { text: string; good: boolean } {
	const counts = new Map<Moved['status'], number>();
	for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
	const parts = [...counts].map(([status, count]) => `${count} ${words[status]}`);
	return {
		text: parts.length > 0 ? `${parts.join(', ')}.` : 'Nobody was chosen.',
		good: counts.size > 0 && [...counts.keys()].every((status) => status === 'ok' || status === 'already')
	};
}
