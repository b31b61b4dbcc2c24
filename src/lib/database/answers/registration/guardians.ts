import * as v from 'valibot';
import type { Answers } from '../kinds.ts';

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
