/* A change of category for the desk: its effects, and why it is refused. No I/O. */
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dayAndClock, money } from '#lib/i18n/time.ts';
import type { QueueReason } from '#lib/registration/registration.ts';
import type { CategoryChange } from '#lib/database/answers/help-desk.ts';

export type { CategoryChange } from '#lib/database/answers/help-desk.ts';

/** A change that is, or would be, applied, with its effects. */
export type PossibleChange = Extract<CategoryChange, { status: 'ok' | 'awaiting_payment' }>;

/** Whether it is, or would be, applied. */
export function isPossible(change: CategoryChange): change is PossibleChange {
	return change.status === 'ok' || change.status === 'awaiting_payment';
}

function seatSentence({ seat, place: named }: PossibleChange): string {
	const place = isolated(named ?? '');
	if (seat === 'none') return m.help_desk_effect_seat_none({ place });
	return seat === 'stays' ? m.help_desk_effect_seat_stays({ place }) : m.help_desk_effect_seat_moved({ place });
}

function feeSentence(change: PossibleChange, zone: string) {
	const { state, refund } = change;
	const currency = change.currency ?? '';
	if (change.status === 'awaiting_payment') {
		const { amount, due_at } = change;
		return m.help_desk_effect_fee_due({ amount: money(amount, currency), date: dayAndClock(due_at, zone) });
	}
	if (state !== 'confirmed') return m.help_desk_effect_fee_later();
	return refund > 0 ? m.help_desk_effect_fee_back({ amount: money(refund, currency) }) : m.help_desk_effect_fee_none();
}

const badges = {
	new: m.help_desk_effect_badge_new,
	ends: m.help_desk_effect_badge_ends,
	none: m.help_desk_effect_badge_none
};

/** Its effects, in the order in which the desk shows them. */
export function effects(change: PossibleChange, zone: string): [what: string, sentence: string][] {
	const { badge, undone, erased } = change;
	const rows: [string, string][] = [
		[m.help_desk_effect_seat(), seatSentence(change)],
		[m.help_desk_effect_fee(), feeSentence(change, zone)],
		[m.help_desk_effect_badge(), badges[badge]()]
	];
	if (undone) rows.push([m.help_desk_effect_mode(), m.help_desk_effect_mode_undone()]);
	if (erased > 0) rows.push([m.help_desk_effect_form(), m.help_desk_effect_form_erased({ count: erased })]);
	return rows;
}

const seatRefusals: Record<QueueReason, () => string> = {
	allocation: m.help_desk_no_seat_allocation,
	ceiling: m.help_desk_no_seat_ceiling,
	capacity: m.help_desk_no_seat_capacity,
	others_wait: m.help_desk_no_seat_others_wait
};

type Refusal = Exclude<CategoryChange['status'], PossibleChange['status']>;

const refusals: Record<Refusal, () => string> = {
	no_seat: m.help_desk_refused_failed,
	// Not after a preview, and a proposal is no refusal.
	proposed: m.help_desk_refused_failed,
	no_pool: m.help_desk_category_no_pool,
	already: m.help_desk_category_already,
	member_needed: m.help_desk_member_needed,
	unknown_member: m.help_desk_category_unknown_member,
	minor: m.help_desk_category_minor,
	proposal_open: m.help_desk_category_proposal_open,
	disputed: m.help_desk_category_disputed,
	processing: m.help_desk_category_processing,
	needs_safeguarding: m.help_desk_category_needs_safeguarding,
	reason_needed: m.help_desk_why_missing,
	closed: m.help_desk_category_closed,
	wrong_state: m.help_desk_category_wrong_state,
	changed: m.help_desk_category_changed,
	failed: m.help_desk_refused_failed,
	not_allowed: m.help_desk_refused_not_allowed
};

/** Why nothing was changed, in a sentence. */
export function categoryRefusal({ status, reason }: { status: Refusal; reason?: QueueReason }): string {
	return (status === 'no_seat' && reason ? seatRefusals[reason] : refusals[status])();
}
