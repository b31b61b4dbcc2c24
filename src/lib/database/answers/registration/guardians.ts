import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { QuestionState } from '../participation.ts';
import { TextMap } from '../text-map.ts';

/** A person who asks the reader to be their guardian. */
export const GuardianRequest = v.strictObject({
	registration_id: v.string(),
	display_name: v.string()
});
export type GuardianRequest = v.InferOutput<typeof GuardianRequest>;

/** A person whose guardian the reader is. */
export const Minor = v.strictObject({
	registration_id: v.string(),
	display_name: v.string(),
	state: v.string(),
	consented_at: v.nullable(v.string()),
	/** The guardian allows calling them on stage from the floor. */
	on_stage: v.boolean(),
	/** And recording them there. */
	recorded: v.boolean()
});
export type Minor = v.InferOutput<typeof Minor>;

/** What a minor agreed to, item by item. */
export const WardConsent = v.strictObject({
	item_id: v.string(),
	key: v.string(),
	/** In the words that were agreed to, else in those of the form. */
	label: TextMap,
	detail: TextMap,
	is_required: v.boolean(),
	given_at: v.nullable(v.string()),
	withdrawn_at: v.nullable(v.string()),
	/** The guardian withdrew it. */
	by_guardian: v.boolean(),
	/** The text is still the one that was agreed to. */
	is_current: v.boolean()
});
export type WardConsent = v.InferOutput<typeof WardConsent>;

/** A session of a minor; `session` is null where their guardian may not see it. */
export const WardSession = v.strictObject({
	level: v.picklist(enums.confidentiality),
	slots: v.array(
		v.strictObject({
			start: v.string(),
			end: v.string(),
			rooms: v.array(v.strictObject({ slug: v.string(), name: TextMap }))
		})
	),
	session: v.nullable(
		v.strictObject({
			code: v.string(),
			title: TextMap,
			content_note: TextMap,
			is_cancelled: v.boolean(),
			live_since: v.nullable(v.string()),
			role: v.nullable(v.picklist(enums.session_role))
		})
	)
});
export type WardSession = v.InferOutput<typeof WardSession>;

/** Everything here that concerns a minor, for their guardian. */
export const Ward = v.strictObject({
	registration_id: v.string(),
	reference: v.string(),
	display_name: v.string(),
	state: v.picklist(enums.registration_state),
	mode: v.picklist(enums.attendance_mode),
	consented_at: v.string(),
	stage: v.nullable(v.strictObject({ on_stage: v.boolean(), recorded: v.boolean(), agreed_at: v.string() })),
	/** Nobody may photograph them, by their own wish, their guardian’s or a protection. */
	is_photo_forbidden: v.boolean(),
	/** The guardian asked for it. */
	forbids_photographs: v.boolean(),
	has_emergency_contact: v.boolean(),
	consents: v.array(WardConsent),
	sessions: v.array(WardSession),
	/** Today, of the building alone; null before they came. */
	door: v.nullable(v.strictObject({ is_inside: v.boolean(), came_at: v.string(), left_at: v.nullable(v.string()) })),
	questions: v.array(
		v.strictObject({ body: v.string(), state: QuestionState, asked_at: v.string(), title: v.nullable(TextMap) })
	),
	assistants: v.array(v.strictObject({ display_name: v.string(), scope: v.string(), until: v.nullable(v.string()) }))
});
export type Ward = v.InferOutput<typeof Ward>;

/** What was typed, as the database keeps it. */
export const SealedTyping = v.nullable(
	v.strictObject({
		reference: v.nullable(v.string()),
		address_sealed: v.nullable(v.string()),
		key_id: v.nullable(v.string())
	})
);
export type SealedTyping = v.InferOutput<typeof SealedTyping>;

/** What these functions answer. */
export const answers = {
	read_ward: v.nullable(Ward),
	read_ward_emergency_contact: answer(
		{ ok: { contact_sealed: v.string(), key_id: v.string() } },
		'none',
		/** The minor has an alias. */
		'protected',
		'not_found'
	),
	my_guardianship: v.strictObject({
		/** The reader takes part as an adult, and so can be a guardian. */
		may_consent: v.boolean(),
		asking: v.array(GuardianRequest),
		minors: v.array(Minor),
		own: v.nullable(
			v.strictObject({
				registration_id: v.string(),
				consented_at: v.nullable(v.string()),
				typed: SealedTyping
			})
		)
	}),
	read_guardian: v.nullable(
		v.strictObject({
			/** Who it is; for safeguarding only. */
			guardian: v.nullable(
				v.strictObject({
					reference: v.string(),
					display_name: v.string()
				})
			),
			consented_at: v.nullable(v.string()),
			typed: SealedTyping
		})
	)
} satisfies Answers;
