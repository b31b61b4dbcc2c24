import { checkbox, optionalText, wholeNumber } from '#lib/forms/fields.ts';
import * as v from 'valibot';
import { itemsOf, type SessionNeeds } from './facts.ts';

/** What a session needs of its room, as a form asks for it. */
export const needsFields = {
	expected: v.optional(v.union([v.literal(''), wholeNumber(0, 100_000)]), ''),
	needs_step_free: checkbox(),
	needs_hearing_loop: checkbox(),
	equipment: optionalText(1000)
};

/** The needs of a form. */
export function needsFrom({
	expected,
	equipment,
	needs_step_free,
	needs_hearing_loop
}: v.InferOutput<v.ObjectSchema<typeof needsFields, undefined>>): SessionNeeds {
	return {
		needs_step_free,
		needs_hearing_loop,
		expected: expected === '' ? null : expected,
		equipment: itemsOf(equipment)
	};
}
