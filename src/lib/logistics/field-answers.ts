/* Reading a form of questions: what was typed, what changed and what is wrong. No I/O. */
import type { FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { isDate } from '#lib/summits/local-time.ts';
import {
	chosenKeys,
	fieldInputName,
	isConditionMet,
	removeInputName,
	type FieldKind,
	type OwnField
} from './logistics.ts';

const limits: Record<FieldKind, number> = {
	text: 200,
	long_text: 2000,
	choice: 40,
	choices: 2100,
	yes_no: 3,
	number: 13,
	date: 10,
	country: 2,
	consent: 3,
	file: 4
};

/** What is wrong with an answer, as a sentence; null for nothing. */
export function answerFault(
	field: Pick<OwnField, 'kind' | 'choices'>,
	value: string,
	isCountry: (code: string) => boolean
): string | null {
	if (value === '') return null;
	const most = limits[field.kind];
	if (value.length > most) return m.ui_form_too_long({ most });
	if (field.kind === 'date') return isDate(value) ? null : m.logistics_form_wrong_date();
	if (field.kind === 'number') return /^-?\d{1,9}(\.\d{1,2})?$/.test(value) ? null : m.logistics_form_wrong_number();
	const isKnown: Partial<Record<FieldKind, () => boolean>> = {
		choice: () => field.choices.some(({ key }) => key === value),
		choices: () => chosenKeys(value).every((chosen) => field.choices.some(({ key }) => key === chosen)),
		country: () => isCountry(value),
		yes_no: () => value === 'yes' || value === 'no',
		consent: () => value === 'yes'
	};
	return isKnown[field.kind]?.() === false ? m.logistics_form_wrong_choice() : null;
}

/** What was typed, as an answer; null where the form did not contain the field. Boxes without a tick are not sent. */
export function typedAnswer(data: FormData, field: Pick<OwnField, 'key' | 'kind'>): string | null {
	const all = data.getAll(fieldInputName(field)).filter((one) => typeof one === 'string');
	if (field.kind === 'choices') return [...new Set(all)].join(',');
	const [typed] = all;
	if (field.kind === 'file') return data.has(removeInputName(field)) ? '' : null;
	if (field.kind === 'consent') return typed ? 'yes' : '';
	if (typed === undefined) return null;
	if (field.kind === 'long_text') return typed.trim();
	const line = typed.replace(/\s+/g, ' ').trim();
	return field.kind === 'number' ? line.replace(/ /g, '').replace(',', '.') : line;
}

/**
 * Reads the form: the changed answers, '' for deleted ones; or its errors. Absent fields stay, and questions whose
 * condition is not met are passed over. `isWhole`: required questions must be answered. `files`: the names of the fields
 * for which a file came; it is still to be checked, and counts as changed.
 */
export function readFieldAnswers(
	data: FormData,
	fields: readonly OwnField[],
	isCountry: (code: string) => boolean,
	isWhole = false,
	files: Pick<ReadonlySet<string>, 'has'> = new Set()
): { changed: Map<string, string>; form: FormResult } {
	const changed = new Map<string, string>();
	const form: FormResult = { name: 'logistics', values: {}, issues: [] };
	const typed = new Map(
		fields.map((field) => {
			const isSent = field.kind === 'file' && files.has(fieldInputName(field));
			return [field.key, isSent ? 'sent' : typedAnswer(data, field)];
		})
	);
	const answerOf = (key: string) => typed.get(key) ?? fields.find((field) => field.key === key)?.answer ?? '';
	for (const field of fields) {
		const name = fieldInputName(field);
		const value = typed.get(field.key) ?? null;
		const all = data.getAll(name).filter((one) => typeof one === 'string');
		if (name.endsWith('[]')) form.values[name] = all;
		else if (all[0] !== undefined) form.values[name] = all[0];
		if (!isConditionMet(field, fields, answerOf)) continue;
		const isMissing = isWhole && field.is_required && (value ?? field.answer) === '';
		const fault = isMissing ? m.ui_form_missing() : value === null ? null : answerFault(field, value, isCountry);
		if (fault !== null) form.issues.push({ path: name, message: fault });
		else if (value !== null && value !== field.answer) changed.set(field.id, value);
	}
	return { changed, form };
}
