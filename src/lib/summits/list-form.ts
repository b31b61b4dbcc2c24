import { checkbox, mailAddress, optionalText, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { m } from '#lib/i18n/messages.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import type { List, ListField, ListRow } from '#lib/summits/lists.ts';
import { gatherText, slugFrom, tagsFor, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';

function mapOf(row: ListRow | null, field: ListField): TextMap | null {
	const value = row?.[field.name];
	return typeof value === 'object' ? value : null;
}

function entries(field: ListField, row: ListRow | null, languages: readonly string[]): Record<string, v.GenericSchema> {
	const { name, required = false, options } = field;
	const word = required ? requiredText(120) : optionalText(120);
	switch (field.kind) {
		case 'texts':
		case 'long-texts':
			return textEntries(name, tagsFor(languages, mapOf(row, field)), {
				required,
				most: field.kind === 'texts' ? 200 : 2000,
				lines: field.kind === 'long-texts'
			});
		case 'number':
			return { [name]: required ? wholeNumber(1, field.most) : v.union([emptyText, wholeNumber(0, field.most)]) };
		case 'choice':
			return {
				[name]: v.pipe(
					word,
					v.check((value) => value === '' || (options?.() ?? []).some((one) => one.value === value))
				)
			};
		case 'yes':
			return { [name]: checkbox() };
		case 'mail':
			return { [name]: v.union([emptyText, mailAddress()]) };
		case 'slug':
			return {
				[name]: matching(
					optionalText(40),
					/^$|^(?!(?:desk|check)$)[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/,
					m.summits_list_slug_wrong
				)
			};
		case 'key':
			return { [name]: matching(requiredText(41), /^[a-z][a-z_]{1,40}$/, m.summits_list_key_wrong) };
		default:
			return { [name]: word };
	}
}

const emptyText = v.pipe(v.string(), v.trim(), v.value(''));

function matching(text: v.GenericSchema<unknown, string>, pattern: RegExp, message: () => string) {
	return v.pipe(
		text,
		v.regex(pattern, () => message())
	);
}

/** The schema of one row's form. */
export function rowSchema(list: List, row: ListRow | null, languages: readonly string[]) {
	return v.object(Object.assign({}, ...list.fields.map((field) => entries(field, row, languages))) as v.ObjectEntries);
}

/** The columns to write, from the form. */
export function rowFrom(
	list: List,
	output: Record<string, unknown>,
	row: ListRow | null,
	languages: readonly string[]
) {
	const written: Record<string, unknown> = {};
	for (const field of list.fields) {
		const value = output[field.name];
		if (field.kind === 'texts' || field.kind === 'long-texts')
			written[field.name] = gatherText(output, field.name, tagsFor(languages, mapOf(row, field)));
		else written[field.name] = value === '' || value === undefined ? null : value;
	}
	if (list.fields.some(({ kind }) => kind === 'slug') && written['slug'] === null)
		written['slug'] = slugOf(written['name']);
	return written;
}

function slugOf(name: unknown): string {
	const map = name as TextMap;
	return slugFrom(map['en'] ?? map[map['original'] ?? ''] ?? '') || 'x';
}

/** The initial value of a field. */
export function fieldValue(field: ListField, row: ListRow | null): string {
	const value = row?.[field.name];
	if (value === null || value === undefined || typeof value === 'object') return '';
	return String(value);
}
