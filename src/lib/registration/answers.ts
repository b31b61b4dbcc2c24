/* The fields of each step of the form, and their validation. */
import { checkbox, list, optionalLines, optionalText, wholeNumber } from '#lib/forms/fields.ts';
import { m } from '#lib/i18n/messages.ts';
import { isSector } from '#lib/members/member.ts';
import { guardianTyped } from '#lib/registration/guardian.ts';
import * as v from 'valibot';

// The version that the page showed: it detects two windows that save over each other.
const version = v.optional(wholeNumber(0), '0');
/** The pressed button: "later" leaves the form. */
const leave = v.optional(v.string(), '');

const country = v.optional(v.pipe(v.string(), v.regex(/^([A-Z]{2})?$/)), '');

/** Step 1. With another name, the typed own name is sealed, and the rest belongs to the other name. */
export const whoAnswers = v.pipe(
	v.object({
		version,
		leave,
		display_name: optionalText(120),
		office: optionalText(200),
		country,
		protection: v.picklist(['none', 'alias', 'talk_first']),
		/** "yes" when a name is already sealed and may stay. */
		has_sealed: checkbox(),
		alias_name: optionalText(120),
		alias_office: optionalText(200),
		alias_affiliation: optionalText(200),
		is_minor: checkbox(),
		/** An address or a reference. */
		guardian: optionalText(254),
		/** "yes" when one was already named and may stay. */
		has_guardian: checkbox()
	}),
	v.forward(
		v.partialCheck(
			[['is_minor'], ['guardian'], ['has_guardian']],
			({ is_minor, guardian, has_guardian }) =>
				!is_minor || (guardian === '' ? has_guardian : guardianTyped(guardian) !== null),
			() => m.registration_guardian_wrong()
		),
		['guardian']
	),
	v.forward(
		v.partialCheck(
			[['display_name'], ['protection'], ['has_sealed']],
			(answer) => answer.display_name !== '' || (answer.protection === 'alias' && answer.has_sealed),
			(issue) =>
				issue.input.protection === 'alias' ? m.registration_real_name_missing() : m.registration_name_missing()
		),
		['display_name']
	),
	v.forward(
		v.partialCheck(
			[['country'], ['protection']],
			(answer) => answer.country !== '' || answer.protection === 'alias',
			() => m.registration_country_missing()
		),
		['country']
	),
	v.forward(
		v.partialCheck(
			[['alias_name'], ['protection']],
			(answer) => answer.alias_name !== '' || answer.protection !== 'alias',
			() => m.registration_alias_name_missing()
		),
		['alias_name']
	),
	v.forward(
		v.partialCheck(
			[['alias_name'], ['display_name'], ['protection']],
			(answer) =>
				answer.protection !== 'alias' || answer.alias_name === '' || !sameName(answer.alias_name, answer.display_name),
			() => m.registration_alias_same()
		),
		['alias_name']
	)
);

/** Step 2: a member of the list, or the word "other" and its name. */
export const memberAnswers = v.pipe(
	v.object({
		version,
		leave,
		member: v.pipe(
			v.string(() => m.registration_member_missing()),
			v.regex(/^(other|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/, () => m.registration_member_missing())
		),
		request_name: optionalText(200),
		request_sector: optionalText(40),
		request_country: country
	}),
	v.forward(
		v.partialCheck(
			[['member'], ['request_name']],
			(answer) => answer.member !== 'other' || answer.request_name.length > 1,
			() => m.registration_member_name_missing()
		),
		['request_name']
	),
	v.forward(
		v.partialCheck(
			[['member'], ['request_sector']],
			(answer) => answer.member !== 'other' || isSector(answer.request_sector),
			() => m.registration_member_sector_missing()
		),
		['request_sector']
	),
	v.forward(
		v.partialCheck(
			[['member'], ['request_country']],
			(answer) => answer.member !== 'other' || answer.request_country !== '',
			() => m.registration_country_missing()
		),
		['request_country']
	)
);

/** Step 3. */
export const seatAnswers = v.object({
	version,
	leave,
	mode: v.picklist(['in_person', 'virtual'], () => m.registration_seat_missing()),
	'languages[]': list(v.pipe(v.string(), v.regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/)))
});

/** Step 4. */
export const needsAnswers = v.object({
	version,
	leave,
	access_needs: optionalLines(2000),
	note: optionalLines(2000),
	no_photographs: checkbox()
});

/** The emergency contact: nothing, or a name and a number. */
export const contactAnswers = v.pipe(
	v.object({
		version,
		contact_name: optionalText(120),
		contact_phone: optionalText(40),
		contact_relation: optionalText(80)
	}),
	v.forward(
		v.partialCheck(
			[['contact_name'], ['contact_phone'], ['contact_relation']],
			(answer) => answer.contact_name !== '' || answer.contact_phone + answer.contact_relation === '',
			() => m.registration_data_contact_name_missing()
		),
		['contact_name']
	),
	v.forward(
		v.partialCheck(
			[['contact_name'], ['contact_phone']],
			(answer) =>
				answer.contact_name === '' ||
				(/^[+\d ().\-/]+$/.test(answer.contact_phone) && /(\d.*){5}/.test(answer.contact_phone)),
			() => m.registration_data_contact_phone_missing()
		),
		['contact_phone']
	)
);

/** Step 5, without the consents: the names of their fields depend on the Summit's settings. */
export const consentsAnswers = v.object({ version, leave, code_of_conduct: checkbox() });

/** The name of a consent's checkbox. */
export function consentField(item: string): string {
	return `consent_${item}`;
}

/** The name of the field with the fingerprint of a consent's text, as the page shows it. */
export function shownField(item: string): string {
	return `shown_${item}`;
}

function sameName(a: string, b: string): boolean {
	const plain = (name: string) => name.normalize('NFKC').toLocaleLowerCase('en').replace(/\s+/g, ' ').trim();
	return plain(a) === plain(b);
}
