import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import type { Answers, PrivateAnswers } from './kinds.ts';

/** A person who was found. */
export const RegistrationMatch = v.object({
	id: v.string(),
	reference: v.string(),
	display_name: v.string(),
	affiliation: v.string(),
	category: v.string(),
	mode: v.picklist(enums.attendance_mode),
	state: v.picklist(enums.registration_state),
	/** The valid badge, and when it was last printed. */
	badge: v.nullable(
		v.object({
			id: v.string(),
			printed_at: v.nullable(v.string())
		})
	)
});
export type RegistrationMatch = v.InferOutput<typeof RegistrationMatch>;

/** Why the desk cannot open a person's account. */
export const SignInObstacle = v.picklist(['own', 'organiser', 'safeguarding', 'no_address']);
export type SignInObstacle = v.InferOutput<typeof SignInObstacle>;

/** What the desk sees of one person beside their registration. */
export const AtDesk = v.object({
	badge: v.nullable(
		v.object({
			id: v.string(),
			issued_at: v.string(),
			prints: v.number(),
			printed_at: v.nullable(v.string())
		})
	),
	sign_in: v.nullable(SignInObstacle),
	/** Of the same member, waiting for a seat of this mode. */
	colleagues: v.array(
		v.object({
			id: v.string(),
			display_name: v.string()
		})
	)
});
export type AtDesk = v.InferOutput<typeof AtDesk>;

/** What came of a walk-in. */
export const WalkInResult = v.object({
	status: v.string(),
	id: v.optional(v.string()),
	faults: v.optional(v.array(v.string()))
});
export type WalkInResult = v.InferOutput<typeof WalkInResult>;

/** A protected person's address that was typed at the desk. */
export const SealedLookup = v.object({
	id: v.string(),
	at: v.string(),
	kind: v.picklist(['search', 'walk_in']),
	/** Who typed it. */
	by: v.nullable(v.string()),
	/** Under what name its holder is known. */
	display_name: v.string(),
	/** Whom the desk registered with it. */
	registration: v.nullable(
		v.object({
			id: v.string(),
			reference: v.string(),
			display_name: v.string()
		})
	)
});
export type SealedLookup = v.InferOutput<typeof SealedLookup>;

/** Somebody who is protected, as safeguarding finds them. */
export const ProtectedPerson = v.object({
	registration_id: v.string(),
	reference: v.string(),
	display_name: v.string()
});
export type ProtectedPerson = v.InferOutput<typeof ProtectedPerson>;

/** The effects of a change of category, or its refusal: computed by the database. */
export const CategoryChange = v.object({
	status: v.string(),
	/** It is applied when a second person confirms it. */
	second: v.optional(v.boolean()),
	/** With no_seat: the reason. */
	reason: v.optional(v.picklist(enums.queue_reason)),
	/** The state afterwards. */
	state: v.optional(v.picklist(enums.registration_state)),
	/** The member or the pool of the new seat. */
	place: v.optional(v.string()),
	seat: v.optional(v.picklist(['moved', 'stays', 'none'])),
	badge: v.optional(v.picklist(['new', 'ends', 'none'])),
	/** To pay and to refund, minor units. */
	amount: v.optional(v.number()),
	due_at: v.optional(v.string()),
	refund: v.optional(v.number()),
	currency: v.optional(v.string()),
	/** A change of mode that waited for its payment ends. */
	undone: v.optional(v.boolean()),
	/** Answers to the logistics form that the new category does not need. */
	erased: v.optional(v.number())
});
export type CategoryChange = v.InferOutput<typeof CategoryChange>;

/** What these functions answer. */
export const answers = {
	find_desk_registrations: v.nullable(v.array(RegistrationMatch)),
	read_desk_registration: v.nullable(AtDesk),
	register_walk_in: WalkInResult,
	issue_desk_code: v.object({
		status: v.string()
	}),
	list_sealed_lookups: v.nullable(v.array(SealedLookup)),
	list_protected_people: v.nullable(v.array(ProtectedPerson)),
	preview_category: CategoryChange,
	preview_proposed_category: v.nullable(CategoryChange),
	change_category: CategoryChange
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	use_desk_code: v.object({
		status: v.picklist(['ok', 'wrong', 'limited']),
		address_sealed: v.nullable(v.instance(Buffer)),
		key_id: v.nullable(v.string())
	})
} satisfies PrivateAnswers;
