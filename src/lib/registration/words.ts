/* A registration in sentences. */
import { m } from '#lib/i18n/messages.ts';
import { dayAndClock, money } from '#lib/i18n/time.ts';
import type { HistoryStep, Mode, MyRegistration, QueueEntry, RegistrationState, SeatsLeft } from './registration.ts';
import { prospectOf } from './registration.ts';

/** "In the hall" or "Online". */
export function modeWord(mode: Mode): string {
	return mode === 'in_person' ? m.registration_mode_in_person() : m.registration_mode_virtual();
}

/** The name of a state. */
export function stateWord(state: RegistrationState): string {
	return {
		draft: m.registration_state_draft,
		submitted: m.registration_state_submitted,
		nominated: m.registration_state_nominated,
		accredited: m.registration_state_accredited,
		awaiting_payment: m.registration_state_awaiting_payment,
		confirmed: m.registration_state_confirmed,
		declined: m.registration_state_declined,
		withdrawn: m.registration_state_withdrawn,
		expired: m.registration_state_expired
	}[state]();
}

/** The icon of a state; warm only where the person must act. */
export function stateKind(
	state: RegistrationState,
	queued = false
): 'draft' | 'waiting' | 'needs' | 'queue' | 'good' | 'bad' | 'ended' {
	switch (state) {
		case 'draft':
			return 'draft';
		case 'awaiting_payment':
			return 'needs';
		case 'confirmed':
			return 'good';
		case 'declined':
			return 'bad';
		case 'withdrawn':
		case 'expired':
			return 'ended';
		default:
			return queued ? 'queue' : 'waiting';
	}
}

/** The meaning of the state for its person, in a sentence; times in `zone`. */
export function stateSentence(registration: MyRegistration, zone: string): string {
	const { state, seat, order, request } = registration;
	switch (state) {
		case 'draft':
			return m.registration_sentence_draft();
		case 'submitted':
		case 'nominated':
			if (seat?.held_until) return m.registration_sentence_submitted_held({ date: dayAndClock(seat.held_until, zone) });
			return request?.state === 'open'
				? m.registration_sentence_submitted_request()
				: m.registration_sentence_submitted_queued();
		case 'accredited':
			return m.registration_sentence_accredited();
		case 'awaiting_payment':
			return order
				? m.registration_sentence_awaiting_payment({
						amount: money(order.balance, order.currency),
						date: dayAndClock(order.due_at, zone)
					})
				: m.registration_state_awaiting_payment();
		case 'confirmed':
			return registration.mode === 'in_person'
				? m.registration_sentence_confirmed_in_person()
				: m.registration_sentence_confirmed_virtual();
		case 'declined':
			return m.registration_sentence_declined();
		case 'withdrawn':
			return m.registration_sentence_withdrawn();
		case 'expired':
			return m.registration_sentence_expired();
	}
}

/** The reason of a step, as it was written; of an act that was undone, in the reader's language. */
export const stepReason = ({ category, reason }: Pick<HistoryStep, 'category' | 'reason'>): string =>
	category && reason === 'undone' ? m.registration_reason_undone() : reason;

/** One entry of the history, for its person. */
export function historySentence(step: HistoryStep): string {
	if (step.category) return m.registration_history_category({ category: categoryWord(step.category) });
	if (step.from_state === step.to_state) {
		return step.mode === 'in_person'
			? m.registration_history_switched_in_person()
			: m.registration_history_switched_virtual();
	}
	if (step.to_state === 'withdrawn') {
		return step.by_self ? m.registration_history_withdrawn_self() : m.registration_history_withdrawn();
	}
	return {
		draft: m.registration_history_draft,
		submitted: m.registration_history_submitted,
		nominated: m.registration_history_nominated,
		accredited: m.registration_history_accredited,
		awaiting_payment: m.registration_history_awaiting_payment,
		confirmed: m.registration_history_confirmed,
		declined: m.registration_history_declined,
		expired: m.registration_history_expired
	}[step.to_state]();
}

/** "a seat in the hall", inside the sentences of the queue. */
export function seatPhrase(mode: Mode): string {
	return mode === 'in_person' ? m.registration_queue_mode_in_person() : m.registration_queue_mode_virtual();
}

/** A person's position in the queue, and why there is one. */
export function queueSentences(entry: QueueEntry): string[] {
	const mode = seatPhrase(entry.mode);
	const place =
		entry.position === null
			? m.registration_queue_waiting({ mode })
			: m.registration_queue_position({ position: entry.position, mode });
	const why = {
		capacity: m.registration_queue_capacity,
		allocation: m.registration_queue_allocation,
		ceiling: m.registration_queue_ceiling,
		others_wait: m.registration_queue_others_wait
	}[entry.reason]();
	return [place, why, m.registration_queue_mail()];
}

/** The second line of a seat option: what is free, its cost, what to expect. `impossible` when it cannot be chosen. */
export function seatHint(seats: SeatsLeft, hasMember: boolean): { hint: string; impossible: boolean } {
	const prospect = prospectOf(seats);
	if (prospect === 'never') {
		const hint = seats.capacity === 0 ? m.registration_seat_none_mode() : m.registration_seat_none_member();
		return { hint, impossible: true };
	}
	const sentences = {
		seat: () =>
			seats.member_ceiling !== null && seats.member_left !== null
				? m.registration_seat_member_left({
						left: Math.min(seats.member_left, seats.left),
						ceiling: seats.member_ceiling
					})
				: m.registration_seat_left({ left: seats.left, capacity: seats.capacity }),
		queue_capacity: () => m.registration_seat_queue_capacity({ waiting: seats.waiting }),
		queue_others: () => m.registration_seat_queue_others({ waiting: seats.waiting }),
		queue_member: () => m.registration_seat_queue_member()
	};
	const parts = [sentences[prospect]()];
	if (!hasMember) parts.push(m.registration_seat_after_request());
	if (seats.fee && seats.currency) parts.push(m.registration_seat_fee({ amount: money(seats.fee, seats.currency) }));
	if (seats.fee === 0) parts.push(m.registration_seat_free());
	parts.push(seats.mode === 'in_person' ? m.registration_seat_travel() : m.registration_seat_online_gives());
	return { hint: parts.join(' '), impossible: false };
}

/** A category in the reader's words. */
export function categoryWord(category: string): string {
	const words: Record<string, () => string> = {
		delegate: m.registration_category_delegate,
		speaker: m.registration_category_speaker,
		guest: m.registration_category_guest,
		staff: m.registration_category_staff,
		crew: m.registration_category_crew,
		interpreter: m.registration_category_interpreter,
		press: m.registration_category_press,
		security: m.registration_category_security,
		guardian: m.registration_category_guardian
	};
	return words[category]?.() ?? category;
}

/** The message of a page after an act, by the status in the address; null for an unknown one. */
export function registrationDoneSentence(done: string | null): { text: string; good: boolean } | null {
	const sentences: Record<string, () => string> = {
		sent: m.registration_done_sent,
		saved: m.registration_done_saved,
		accepted: m.registration_offer_accepted,
		declined: m.registration_offer_declined,
		gone: m.registration_offer_gone,
		left: m.registration_queue_left,
		payment: m.registration_switch_done_payment,
		in_person: m.registration_switch_done_in_person,
		virtual: m.registration_switch_done_virtual,
		queued: m.registration_switch_done_queued,
		consented: m.registration_minors_done,
		refused: m.registration_minors_refused,
		minor: m.registration_minors_saved,
		nothing: m.registration_minors_gone,
		register_first: m.registration_minors_register,
		nominated: m.registration_delegation_invited_done,
		answered: m.registration_asked_done,
		unanswered: m.registration_asked_gone,
		changed: m.registration_change_done,
		review: m.registration_change_review
	};
	const sentence = done !== null && Object.hasOwn(sentences, done) ? sentences[done] : undefined;
	// What the reader has to act on stays on the page.
	const others = ['gone', 'declined', 'nothing', 'register_first', 'unanswered', 'payment'];
	return sentence ? { text: sentence(), good: !others.includes(done ?? '') } : null;
}
