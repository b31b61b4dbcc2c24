/* The form of an endpoint: where it is, what it is for, and the events that it gets. */
import { list, optionalText, requiredText } from '#lib/forms/fields.ts';
import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { kindGroups, type WebhookKind } from './words.ts';

const kinds = list(v.picklist(enums.webhook_kind));

/** The fields of the form; each group of kinds is one. */
export const endpointFields = {
	url: requiredText(500),
	description: optionalText(120),
	'people[]': kinds,
	'programme[]': kinds,
	'live[]': kinds,
	'on_site[]': kinds,
	'communication[]': kinds,
	'money[]': kinds,
	'commitments[]': kinds,
	'summit[]': kinds
};

/** The kinds that were chosen, of all groups. */
export function chosenKinds(input: Record<string, unknown>): WebhookKind[] {
	return kindGroups().flatMap(({ field, kinds: known }) => {
		const chosen = input[field];
		return Array.isArray(chosen) ? known.filter((kind) => chosen.includes(kind)) : [];
	});
}
