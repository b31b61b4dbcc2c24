/* A change of category as the desk is told of it: what it does, and why it cannot be. No I/O. */
import { dayAndClock, money } from '#lib/i18n/time.ts';
import type { QueueReason, RegistrationState } from '#lib/registration/registration.ts';

/** What a change of category does, or why it does nothing: found by the database. */
export interface CategoryChange {
	status: string;
	/** It is done when a second person confirms it. */
	second?: boolean;
	/** With no_seat: what stands in the way. */
	reason?: QueueReason;
	/** The state afterwards. */
	state?: RegistrationState;
	/** The member or the pool whose seat it then is. */
	place?: string;
	seat?: 'moved' | 'stays' | 'none';
	badge?: 'new' | 'ends' | 'none';
	/** To pay and to get back, minor units. */
	amount?: number;
	due_at?: string;
	refund?: number;
	currency?: string;
	/** A change of mode that waited for its payment ends. */
	undone?: boolean;
	/** Answers of the second form that the new category is not asked for. */
	erased?: number;
}

/** Whether it is, or would be, done. */
export function isPossible({ status }: CategoryChange): boolean {
	return status === 'ok' || status === 'awaiting_payment';
}

function seatSentence({ seat, place = '' }: CategoryChange): string {
	if (seat === 'none') return `They have none, and wait on for one of ${place}, at their rank.`;
	if (seat === 'stays') return `It stays one of ${place}.`;
	return `It goes on as one of ${place}. What becomes free goes to whoever waits for it.`;
}

function feeSentence(
	{ status, state, amount = 0, due_at = '', refund = 0, currency = '' }: CategoryChange,
	zone: string
) {
	if (status === 'awaiting_payment') {
		const sum = money(amount, currency);
		return `They pay ${sum} by ${dayAndClock(due_at, zone)}. Until then the seat is held; unpaid, it is lost.`;
	}
	if (state !== 'confirmed') return 'Nothing is charged before they are accredited and have a seat.';
	return refund > 0 ? `They get back ${money(refund, currency)}.` : 'There is nothing to pay and nothing to give back.';
}

const badges = {
	new: 'There is a new one to print. The old one opens no door any more.',
	ends: 'The present one opens no door any more. There is a new one when the fee is paid.',
	none: 'They have none, and get none by this.'
};

/** What it does, by what it does it to, in the order in which the desk says it. */
export function effects(change: CategoryChange, zone: string): [what: string, sentence: string][] {
	const { badge = 'none', undone = false, erased = 0 } = change;
	const rows: [string, string][] = [
		['Seat', seatSentence(change)],
		['Fee', feeSentence(change, zone)],
		['Badge', badges[badge]]
	];
	if (undone) rows.push(['Mode', 'They were changing between hall and online and have not paid: that is undone.']);
	if (erased > 0)
		rows.push(['Form', `${erased} of their answers to the second form are not asked for any more, and erased.`]);
	return rows;
}

const seatRefusals: Record<QueueReason, string> = {
	allocation: 'No seat is left there: the member or the pool has given out all that it has, or has none.',
	ceiling: 'No seat is left there: the sector or region of the member is full.',
	capacity: 'No seat is left there: what is free is kept aside for members.',
	others_wait: 'Others wait for such a seat, and nobody is moved past them.'
};

const refusals: Record<string, string> = {
	no_pool: 'There are no seats for this category: an organiser adds a pool first.',
	already: 'That is what they take part as.',
	member_needed: 'A delegate has a member: choose it.',
	unknown_member: 'This member is not, or no longer, one of this Summit: choose another.',
	minor: 'Whoever is under 18 is nobody’s guardian.',
	proposal_open: 'Something is proposed about them already: a second person confirms or rejects it first.',
	disputed: 'A payment of theirs is disputed: nothing moves until finance has settled it.',
	processing: 'A payment of theirs is under way: wait for its outcome.',
	needs_a_word: 'Not yet: safeguarding has been told, and comes to a decision first.',
	reason_needed: 'Say why: it stays in the history.',
	closed: 'The Summit is neither open nor live: nobody’s registration changes.',
	wrong_state: 'They are not registered any more: look at them again, as they are now.',
	changed: 'Another desk was faster: look at the person again, as they are now.',
	not_allowed: 'You cannot do this: it is your own registration, or your role does not include it.'
};

/** Why nothing was changed, in a sentence. */
export function categoryRefusal({ status, reason }: CategoryChange): string {
	if (status === 'no_seat' && reason) return `${seatRefusals[reason]} They keep what they have.`;
	return refusals[status] ?? 'Nothing was changed: the seat did not allow it.';
}
