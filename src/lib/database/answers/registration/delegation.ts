import { enums } from '#lib/database/types.ts';
import { locales } from '#lib/i18n/locale.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers, PrivateAnswers } from '../kinds.ts';
import { Member } from '../members/members.ts';

/** The state of an invitation. */
export const InvitationState = v.picklist(['sent', 'opened', 'used', 'expired', 'revoked']);
export type InvitationState = v.InferOutput<typeof InvitationState>;

/** What the holder of a link sees; `mine` is null for readers who are signed out. Instants are ISO. */
export const RegistrationInvitation = v.strictObject({
	state: InvitationState,
	category: v.string(),
	mode: v.picklist(enums.attendance_mode),
	until: v.string(),
	/** Name of the inviting member; null for a pool of the organisers. */
	member: v.nullable(v.string()),
	/** The Summit's slug. */
	summit: v.string(),
	/** Whether registration is open. */
	open: v.boolean(),
	mine: v.nullable(v.boolean()),
	/** The reader has another live registration, so that this one cannot be used. */
	elsewhere: v.boolean(),
	registered_with: v.nullable(v.string())
});
export type RegistrationInvitation = v.InferOutput<typeof RegistrationInvitation>;

/** Seats of one member in one mode. */
export const DelegationSeats = v.strictObject({
	mode: v.picklist(enums.attendance_mode),
	ceiling: v.number(),
	held: v.number(),
	taken: v.number(),
	waiting: v.number(),
	/** People who may still get their own seat. */
	invited: v.number(),
	/** Neither used, nor waited for, nor offered in a mail. */
	left: v.number(),
	reserved_until: v.nullable(v.string())
});
export type DelegationSeats = v.InferOutput<typeof DelegationSeats>;

/** A colleague as the focal point sees them. */
export const Delegate = v.strictObject({
	registration_id: v.string(),
	display_name: v.string(),
	office: v.string(),
	mode: v.picklist(enums.attendance_mode),
	state: v.picklist(enums.registration_state),
	state_since: v.string(),
	is_head: v.boolean(),
	/** A focal point has said "not one of ours". */
	not_ours: v.boolean(),
	has_seat: v.boolean(),
	held_until: v.nullable(v.string()),
	/** Places in queues; with a deadline it is an offer. */
	queue: v.array(
		v.strictObject({
			mode: v.picklist(enums.attendance_mode),
			position: v.nullable(v.number()),
			deadline: v.nullable(v.string())
		})
	)
});
export type Delegate = v.InferOutput<typeof Delegate>;

/** An invitation for those who sent it: of the address only enough to recognise it. */
export const SentInvitation = v.strictObject({
	id: v.string(),
	address: v.string(),
	mode: v.picklist(enums.attendance_mode),
	state: InvitationState,
	until: v.string(),
	/** Sent fewer than three times today. */
	may_send: v.boolean(),
	/** The registration whose seat it transfers, and its person. */
	replaces: v.nullable(v.string()),
	hands_over: v.nullable(v.string())
});
export type SentInvitation = v.InferOutput<typeof SentInvitation>;

/** One member of a focal point. */
export const Delegation = v.strictObject({
	member: Member,
	/** The person for whom an assistant acts. */
	acting_for: v.nullable(v.string()),
	/** Whether the reader may invite and nominate now, and until when. */
	nominating: v.boolean(),
	until: v.nullable(v.string()),
	seats: v.array(DelegationSeats),
	people: v.array(Delegate),
	invitations: v.array(SentInvitation)
});
export type Delegation = v.InferOutput<typeof Delegation>;

/** The data for an organiser who invites on a member's behalf. */
export const MemberInvitations = v.strictObject({
	member: v.string(),
	/** Whether anybody may be invited now. */
	open: v.boolean(),
	seats: v.array(DelegationSeats),
	invitations: v.array(SentInvitation)
});
export type MemberInvitations = v.InferOutput<typeof MemberInvitations>;

const invitationRefusals = ['already', 'self', 'closed', 'limited', 'invalid', 'not_allowed'] as const;

/** What these functions answer. */
export const answers = {
	read_invitation: v.nullable(RegistrationInvitation),
	accept_invitation: answer(
		{ ok: { registration: v.string() }, already: { registration: v.string() } },
		'elsewhere',
		'not_yours',
		'not_open',
		'used',
		'expired',
		'revoked',
		'not_found'
	),
	read_delegation: v.nullable(v.array(Delegation)),
	member_invitations: v.nullable(MemberInvitations),
	invite_delegate: answer({ ok: { id: v.string() } }, ...invitationRefusals, 'no_seats', 'not_entitled'),
	transfer_seat_by_invitation: answer({ ok: { id: v.string() } }, ...invitationRefusals, 'not_found', 'wrong_state'),
	nominate_registrations: v.array(
		v.strictObject({
			id: v.string(),
			status: v.picklist(['nominated', 'closed', 'not_allowed', 'wrong_state'])
		})
	),
	my_nomination: v.nullable(
		v.strictObject({
			member: v.nullable(v.string()),
			mode: v.picklist(enums.attendance_mode),
			is_valid: v.boolean()
		})
	)
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	sealed_invitation: v.strictObject({
		address_sealed: v.instance(Buffer),
		key_id: v.string(),
		note_sealed: v.nullable(v.instance(Buffer)),
		locale: v.picklist(locales)
	})
} satisfies PrivateAnswers;
