/* A delegation in sentences. */
import { byStatus } from '#lib/database/by-status.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Delegate } from './delegation.ts';
import type { InvitationState } from './invitation.ts';
import type { RegistrationState } from './registration.ts';
import { seatPhrase } from './words.ts';

/** The `done` in the address after an invitation was sent again or revoked (`delegationDone`). */
export function invitationDone(
	status: AnswerOf<'resend_invitation' | 'revoke_invitation'>,
	act: 'again' | 'revoke'
): string {
	const nothing = () => 'nothing';
	return byStatus(status, {
		ok: () => (act === 'again' ? 'again' : 'revoked'),
		limited: () => 'limited',
		closed: () => 'closed',
		invalid: nothing,
		wrong_state: nothing,
		not_found: nothing
	});
}

/** What a focal point should know of a colleague beside the state; times by `moment`. */
export function delegateNotes(person: Delegate, moment: (at: string) => string): string[] {
	const places = person.queue.map(({ mode, position, deadline }) =>
		deadline
			? m.registration_delegation_offer_until({ mode: seatPhrase(mode), date: moment(deadline) })
			: m.registration_delegation_queue({ mode: seatPhrase(mode), position: position ?? '' })
	);
	// An offer in the requested mode holds its seat: its deadline is shown once.
	const offered = person.queue.some(({ mode, deadline }) => mode === person.mode && deadline !== null);
	const until = person.held_until && !offered ? deadlineOf(person.state, moment(person.held_until)) : null;
	return [
		...(until ? [until] : []),
		...places,
		...(person.not_ours ? [m.registration_delegation_not_ours_said()] : [])
	];
}

function deadlineOf(state: RegistrationState, date: string): string {
	return state === 'awaiting_payment'
		? m.registration_delegation_pay_until({ date })
		: m.registration_delegation_held_until({ date });
}

/** The state of an invitation, in a word. */
export function invitationWord(state: InvitationState): string {
	return {
		sent: m.registration_delegation_invitation_sent,
		opened: m.registration_delegation_invitation_opened,
		used: m.registration_delegation_invitation_used,
		expired: m.registration_delegation_invitation_expired,
		revoked: m.registration_delegation_invitation_revoked
	}[state]();
}

const refusals = ['nothing', 'limited', 'closed'];

/** The message of the delegation's pages after an act; null for an unknown status. */
export function delegationDone(done: string | null, name: string | null): { text: string; good: boolean } | null {
	const plain: Record<string, () => string> = {
		invited: m.registration_delegation_done_invited,
		again: m.registration_delegation_done_again,
		revoked: m.registration_delegation_done_revoked,
		no_head: m.registration_delegation_done_no_head,
		nothing: m.registration_delegation_done_nothing,
		limited: m.registration_delegation_done_limited,
		closed: m.registration_delegation_done_closed
	};
	const named: Record<string, (values: { name: string }) => string> = {
		nominated: m.registration_delegation_done_nominated,
		refused: m.registration_delegation_done_refused,
		head: m.registration_delegation_done_head,
		handed: m.registration_delegation_done_handed,
		promised: m.registration_delegation_done_promised,
		withdrawn: m.registration_delegation_withdrawn
	};
	if (done === null) return null;
	if (Object.hasOwn(plain, done)) return { text: plain[done]?.() ?? '', good: !refusals.includes(done) };
	return name !== null && Object.hasOwn(named, done) ? { text: named[done]?.({ name }) ?? '', good: true } : null;
}
