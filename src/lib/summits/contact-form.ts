/* The contacts that every Summit needs, as the set-up asks for them. No I/O. */
import { mailAddress, optionalText } from '#lib/forms/fields.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { ListRow } from './lists.ts';
import { setupContacts } from './setup.ts';
import { suggestedText } from './suggested-texts.ts';
import { gatherText, tagsFor, textEntries } from './written.ts';

export type SetupContact = (typeof setupContacts)[number];

/** The first contact of a kind, as it is stored. */
export function contactOf(rows: readonly ListRow[], kind: SetupContact): ListRow | null {
	return rows.find((row) => row['kind'] === kind) ?? null;
}

const names = {
	general: m.summits_setup_contacts_general,
	safeguarding: m.summits_setup_contacts_safeguarding,
	privacy: m.summits_setup_contacts_privacy
};

/** What a kind of contact is called: as it is stored, else in each language of the Summit that we know. */
export function contactLabel(row: ListRow | null, kind: SetupContact, languages: readonly string[]): TextMap {
	const stored = row?.['label'];
	if (typeof stored === 'object' && stored !== null) return stored;
	const suggested = suggestedText(names[kind], languages);
	return 'original' in suggested ? suggested : suggestedText(names[kind], ['en']);
}

const tagsOf = (rows: readonly ListRow[], kind: SetupContact, languages: readonly string[]) =>
	tagsFor(languages, contactLabel(contactOf(rows, kind), kind, languages));

/** The schema of the form. */
export function contactsSchema(rows: readonly ListRow[], languages: readonly string[]) {
	return v.object(
		Object.assign(
			{},
			...setupContacts.map((kind) => ({
				...textEntries(`${kind}.label`, tagsOf(rows, kind, languages)),
				[`${kind}.mail`]: v.union([v.pipe(v.string(), v.trim(), v.value('')), mailAddress()], () => m.ui_form_mail()),
				[`${kind}.telephone`]: optionalText(60)
			}))
		) as v.ObjectEntries
	);
}

/** The rows to save: those that can be reached. What the form does not show of a stored one stays. */
export function contactsFrom(
	output: Record<string, unknown>,
	rows: readonly ListRow[],
	languages: readonly string[]
): { id: string | null; fields: Record<string, unknown> }[] {
	return setupContacts.flatMap((kind) => {
		const row = contactOf(rows, kind);
		const [mail, telephone] = [output[`${kind}.mail`] || null, output[`${kind}.telephone`] || null];
		if (!mail && !telephone) return [];
		const written = gatherText(output, `${kind}.label`, tagsOf(rows, kind, languages));
		const label = Object.keys(written).length > 0 ? written : contactLabel(null, kind, languages);
		return [{ id: row?.id ?? null, fields: { note: {}, hours: {}, ...row, kind, label, mail, telephone } }];
	});
}
