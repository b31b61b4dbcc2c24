/* The form that invites a colleague by mail address: its fields, and the meaning of each refusal. */
import type { RefusalOf } from '#lib/database/calls.ts';
import { checkbox, mailAddress, optionalLines } from '#lib/forms/fields.ts';
import { locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import { modes } from './registration.ts';

/** The fields of every invitation. */
export const letterFields = {
	address: mailAddress(),
	locale: v.picklist(locales),
	note: optionalLines(500)
};

/** The whole form of the delegation's page. */
export const inviteSchema = v.object({
	...letterFields,
	member: v.pipe(v.string(), v.uuid()),
	mode: v.pipe(v.optional(v.string(), ''), v.picklist(modes, m.registration_delegation_invite_mode_missing)),
	queue: checkbox()
});

/** Why nobody was invited. */
type InviteRefusal = RefusalOf<'invite_delegate'>;

/** The field of a refusal and its text; `queue`: whether they asked to invite into the queue. */
export function inviteRefusal(status: InviteRefusal, queue = false): { field: string; words: string } {
	const words: Record<InviteRefusal, [field: string, words: () => string]> = {
		already: ['address', m.registration_delegation_invite_already],
		self: ['address', m.registration_delegation_invite_self],
		no_seats: ['mode', queue ? m.registration_delegation_invite_too_many : m.registration_delegation_invite_no_seats],
		not_entitled: ['mode', m.registration_delegation_invite_not_entitled],
		limited: ['', m.registration_delegation_invite_limited],
		closed: ['', m.registration_delegation_closed_title],
		invalid: ['', m.registration_delegation_invite_refused],
		not_allowed: ['', m.registration_delegation_invite_refused]
	};
	const [field, say] = words[status];
	return { field, words: say() };
}
