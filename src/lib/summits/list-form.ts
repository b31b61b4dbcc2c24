import { checkbox, mailAddress, optionalText, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { m } from '#lib/i18n/messages.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { currencyStep } from '#lib/payments/amounts.ts';
import { majorUnits, minorUnits, type List, type ListField, type ListRow } from '#lib/summits/lists.ts';
import { gatherText, slugFrom, tagsFor, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';

interface Place {
	languages: readonly string[];
	currency: string;
}

function mapOf(row: ListRow | null, field: ListField): TextMap | null {
	const value = row?.[field.name];
	return typeof value === 'object' ? value : null;
}

function entries(field: ListField, row: ListRow | null, place: Place): Record<string, v.GenericSchema> {
	const { name, required = false, options } = field;
	const word = required ? requiredText(120) : optionalText(120);
	switch (field.kind) {
		case 'texts':
		case 'long-texts':
			return textEntries(name, tagsFor(place.languages, mapOf(row, field)), {
				required,
				most: field.kind === 'texts' ? 200 : 2000,
				lines: field.kind === 'long-texts'
			});
		case 'number':
			return { [name]: required ? wholeNumber(1, field.most) : v.union([emptyText, wholeNumber(0, field.most)]) };
		case 'money':
			return { [name]: v.pipe(requiredText(20), amount(place.currency)) };
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

/** A typed amount in minor units of a currency, or what is wrong with it. */
export function feeAmount(typed: string, currency: string): number | { fault: string } {
	const units = minorUnits(typed, currency);
	const step = currencyStep(currency);
	if (units === null) return { fault: m.summits_fault_amount() };
	return units % step === 0
		? units
		: { fault: m.summits_fault_amount_step({ currency, step: majorUnits(step, currency) }) };
}

function amount(currency: string) {
	return v.rawTransform<string, number>(({ dataset, addIssue, NEVER }) => {
		const read = feeAmount(dataset.value, currency);
		if (typeof read === 'number') return read;
		addIssue({ message: read.fault });
		return NEVER;
	});
}

/** The schema of one row's form. */
export function rowSchema(list: List, row: ListRow | null, place: Place) {
	return v.object(Object.assign({}, ...list.fields.map((field) => entries(field, row, place))) as v.ObjectEntries);
}

/** The columns to write, from the form. */
export function rowFrom(list: List, output: Record<string, unknown>, row: ListRow | null, place: Place) {
	const written: Record<string, unknown> = {};
	for (const field of list.fields) {
		const value = output[field.name];
		if (field.kind === 'texts' || field.kind === 'long-texts')
			written[field.name] = gatherText(output, field.name, tagsFor(place.languages, mapOf(row, field)));
		else written[field.name] = value === '' || value === undefined ? null : value;
	}
	if (list.fields.some(({ kind }) => kind === 'slug') && written['slug'] === null)
		written['slug'] = slugOf(written['name']);
	if (list.table === 'fees') written['currency'] = place.currency;
	return written;
}

function slugOf(name: unknown): string {
	const map = name as TextMap;
	return slugFrom(map['en'] ?? map[map['original'] ?? ''] ?? '') || 'x';
}

/** The initial value of a field. */
export function fieldValue(field: ListField, row: ListRow | null, place: Place): string {
	const value = row?.[field.name];
	if (value === null || value === undefined || typeof value === 'object') return '';
	return field.kind === 'money' && typeof value === 'number' ? majorUnits(value, place.currency) : String(value);
}
