/* An owner's settings of the accreditation desk. */
import { list, wholeNumber, checkbox } from '#lib/forms/fields.ts';
import * as v from 'valibot';
import { categories } from './registration.ts';

/** The rules of one Summit. */
export interface AccreditationRules {
	/** Categories that two people decide on. */
	second_person_for: string[];
	second_person_decisions: string[];
	/** Fields that are reviewed again when they change after accreditation. */
	checked_fields: string[];
	/** Door and stage are blocked until the review. */
	pauses_rights: boolean;
	/** Days after which an undecided registration is marked. */
	aim_days: number;
}

export const checkedFields = ['display_name', 'office', 'affiliation', 'country', 'member_id', 'category'] as const;
const secondDecisions = ['accredit', 'decline'] as const;

/** The form of the rules. */
export const rulesSchema = v.object({
	'second_person_for[]': list(v.picklist(categories)),
	'second_person_decisions[]': list(v.picklist(secondDecisions)),
	'checked_fields[]': list(v.picklist(checkedFields)),
	pauses_rights: checkbox(),
	aim_days: wholeNumber(1, 90)
});

/** The rules as the form has them. */
export function rulesFrom(output: v.InferOutput<typeof rulesSchema>): AccreditationRules {
	return {
		second_person_for: output['second_person_for[]'],
		second_person_decisions: output['second_person_decisions[]'],
		checked_fields: output['checked_fields[]'],
		pauses_rights: output.pauses_rights,
		aim_days: output.aim_days
	};
}
