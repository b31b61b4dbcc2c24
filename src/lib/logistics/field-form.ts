/* The form of one question, as an organiser fills it in. No I/O. */
import { checkbox, list, optionalLines, wholeNumber } from '#lib/forms/fields.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { categories } from '#lib/registration/registration.ts';
import { gatherText, textEntries } from '#lib/summits/written.ts';
import { oneLine } from '#lib/forms/one-line.ts';
import * as v from 'valibot';
import type { FieldDraft } from './defaults.ts';
import { fieldKinds, readerRoles, type FieldChoice } from './logistics.ts';

const kindWords: Record<(typeof fieldKinds)[number], () => string> = {
	text: m.logistics_kind_text,
	long_text: m.logistics_kind_long_text,
	choice: m.logistics_kind_choice,
	date: m.logistics_kind_date,
	country: m.logistics_kind_country,
	yes_no: m.logistics_kind_yes_no
};

/** The kinds of answers, in the reader's words. */
export const kindLabels = () =>
	Object.fromEntries(fieldKinds.map((kind) => [kind, kindWords[kind]()])) as Record<
		(typeof fieldKinds)[number],
		string
	>;

/** Choices as they are typed, one a line: "halal = Halal". */
export function choicesText(choices: readonly FieldChoice[]): string {
	return choices.map(({ key, label }) => `${key} = ${label[label['original'] ?? 'en'] ?? ''}`).join('\n');
}

/** Reads them back; labels in other languages stay. Null when a line is invalid. */
export function choicesFrom(typed: string, before: readonly FieldChoice[], tag: string): FieldChoice[] | null {
	const lines = typed
		.split('\n')
		.map(oneLine)
		.filter((line) => line !== '');
	const read = lines.map((line) => {
		const [, key = '', label = ''] = /^([a-z0-9_]{1,40})\s*=\s*(.+)$/.exec(line) ?? [];
		const known = before.find((choice) => choice.key === key)?.label;
		const original = known?.['original'] ?? tag;
		const next: TextMap = { ...known, original, [original]: label };
		return key === '' ? null : { key, label: next };
	});
	return read.every((choice) => choice !== null) ? read : null;
}

/** The schema for a Summit's languages. */
export function fieldSchema(tags: readonly string[]) {
	return v.object({
		key: v.pipe(v.string(), v.trim(), v.regex(/^[a-z][a-z0-9_]{1,40}$/, m.logistics_key_wrong)),
		kind: v.picklist(fieldKinds),
		choices: optionalLines(4000),
		'categories[]': list(v.picklist(categories)),
		'modes[]': list(v.picklist(['in_person', 'virtual'])),
		'visible_to[]': list(v.picklist(readerRoles)),
		is_required: checkbox(),
		is_identity: checkbox(),
		for_host: checkbox(),
		erase_days: wholeNumber(0, 3650),
		position: wholeNumber(0, 1000),
		...textEntries('label', tags, { required: true }),
		...textEntries('help', tags, { most: 500, lines: true }),
		...textEntries('purpose', tags, { required: true, most: 500, lines: true })
	} as v.ObjectEntries);
}

/** The field as it is saved; the choices are passed separately. */
export function fieldFrom(
	output: Record<string, unknown>,
	tags: readonly string[],
	choices: FieldChoice[]
): FieldDraft {
	return {
		key: String(output['key']),
		kind: output['kind'] as FieldDraft['kind'],
		label: gatherText(output, 'label', tags),
		help: gatherText(output, 'help', tags),
		purpose: gatherText(output, 'purpose', tags),
		choices,
		categories: output['categories[]'] as string[],
		modes: output['modes[]'] as ('in_person' | 'virtual')[],
		is_required: output['is_required'] === true,
		is_identity: output['is_identity'] === true,
		for_host: output['for_host'] === true,
		visible_to: output['visible_to[]'] as FieldDraft['visible_to'],
		erase_days: Number(output['erase_days']),
		position: Number(output['position'])
	};
}
