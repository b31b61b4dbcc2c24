import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';

/** The valid badge, how often it was printed, and when it was last printed as it is now. */
const PrintedBadge = v.strictObject({
	id: v.string(),
	prints: v.number(),
	printed_at: v.nullable(v.string())
});

/** A person who was found. */
export const RegistrationMatch = v.strictObject({
	id: v.string(),
	reference: v.string(),
	display_name: v.string(),
	affiliation: v.string(),
	category: v.string(),
	mode: v.picklist(enums.attendance_mode),
	state: v.picklist(enums.registration_state),
	badge: v.nullable(PrintedBadge)
});
export type RegistrationMatch = v.InferOutput<typeof RegistrationMatch>;

/** Why the desk cannot open a person's account. */
export const SignInObstacle = v.picklist(['own', 'organiser', 'safeguarding', 'no_address']);
export type SignInObstacle = v.InferOutput<typeof SignInObstacle>;

/** What the desk sees of one person beside their registration. */
export const AtDesk = v.strictObject({
	badge: v.nullable(v.strictObject({ ...PrintedBadge.entries, issued_at: v.string() })),
	sign_in: v.nullable(SignInObstacle),
	/** Of the same member, waiting for a seat of this mode. */
	colleagues: v.array(
		v.strictObject({
			id: v.string(),
			display_name: v.string()
		})
	)
});
export type AtDesk = v.InferOutput<typeof AtDesk>;

/** The registration; null without a reason to wait, and no key when the form was sent again. */
const WalkedIn = { id: v.string(), queue_reason: v.optional(v.nullable(v.picklist(enums.queue_reason))) };

/** What came of a walk-in. */
export const WalkInResult = answer(
	{
		confirmed: WalkedIn,
		awaiting_payment: WalkedIn,
		/** Without a seat: in the queue. */
		accredited: WalkedIn,
		proposed: WalkedIn,
		needs_safeguarding: WalkedIn,
		wrong_state: WalkedIn,
		exists: { id: v.string() },
		invalid: { faults: v.array(v.string()) }
	},
	'missing',
	'no_place',
	'address_refused',
	'closed',
	'not_allowed'
);
export type WalkInResult = v.InferOutput<typeof WalkInResult>;

/** A protected person's address that was typed at the desk. */
export const SealedLookup = v.strictObject({
	id: v.string(),
	at: v.string(),
	kind: v.picklist(['search', 'walk_in']),
	/** Who typed it. */
	by: v.nullable(v.string()),
	/** Under what name its holder is known. */
	display_name: v.string(),
	/** Whom the desk registered with it. */
	registration: v.nullable(
		v.strictObject({
			id: v.string(),
			reference: v.string(),
			display_name: v.string()
		})
	)
});
export type SealedLookup = v.InferOutput<typeof SealedLookup>;

/** Somebody who is protected, as safeguarding finds them. */
export const ProtectedPerson = v.strictObject({
	registration_id: v.string(),
	reference: v.string(),
	display_name: v.string(),
	kind: v.picklist(['alias', 'talk_first'])
});
export type ProtectedPerson = v.InferOutput<typeof ProtectedPerson>;

/** Why a registration cannot have another category, or not now. */
export const categoryRefusals = [
	'no_pool',
	'changed',
	'wrong_state',
	'closed',
	'already',
	'minor',
	'member_needed',
	'unknown_member',
	'disputed',
	'processing'
] as const;

const CategoryEffects = {
	/** It is applied when a second person confirms it. */
	second: v.optional(v.boolean()),
	/** The state afterwards. */
	state: v.picklist(enums.registration_state),
	/** The member or the pool of the new seat. */
	place: v.nullable(v.string()),
	seat: v.picklist(['moved', 'stays', 'none']),
	badge: v.picklist(['new', 'ends', 'none']),
	/** To refund, minor units. */
	refund: v.number(),
	currency: v.nullable(v.string()),
	/** A change of mode that waited for its payment ends. */
	undone: v.boolean(),
	/** Answers to the logistics form that the new category does not need. */
	erased: v.number()
};

/** The effects of a change of category, or its refusal: computed by the database. */
export const CategoryChange = answer(
	{
		ok: CategoryEffects,
		awaiting_payment: {
			...CategoryEffects,
			order_id: v.string(),
			/** To pay, minor units. */
			amount: v.number(),
			due_at: v.string()
		},
		no_seat: { reason: v.picklist(enums.queue_reason) }
	},
	...categoryRefusals,
	'proposed',
	'proposal_open',
	'reason_needed',
	'needs_safeguarding',
	'failed',
	'not_allowed'
);
export type CategoryChange = v.InferOutput<typeof CategoryChange>;

/** What these functions answer. */
export const answers = {
	find_desk_registrations: v.nullable(v.array(RegistrationMatch)),
	read_desk_registration: v.nullable(AtDesk),
	register_walk_in: WalkInResult,
	issue_desk_code: answer(
		{ ok: { expires_at: v.string() } },
		...SignInObstacle.options,
		'checked_needed',
		'limited',
		'not_allowed'
	),
	list_sealed_lookups: v.nullable(v.array(SealedLookup)),
	list_protected_people: v.nullable(v.array(ProtectedPerson)),
	preview_category: CategoryChange,
	preview_proposed_category: v.nullable(CategoryChange),
	change_category: CategoryChange
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	use_desk_code: v.strictObject({
		status: v.picklist(['ok', 'wrong', 'limited']),
		address_sealed: v.nullable(v.instance(Buffer)),
		key_id: v.nullable(v.string())
	})
} satisfies PrivateAnswers;
