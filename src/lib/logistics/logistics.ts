/* The logistics form: its fields, and a person's answers. No I/O. */
import type { FormResult } from '#lib/forms/parse.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isDate } from '#lib/summits/local-time.ts';
import type { FieldKind, LogisticsField, ReaderRole, SealedField } from '#lib/database/answers/logistics.ts';

export type { FieldChoice, FieldKind, ReaderRole } from '#lib/database/answers/logistics.ts';

/** A field of the reader's form with its answer; '' for none. */
export type OwnField = Omit<SealedField, 'answer_sealed' | 'key_id'> & { answer: string };

export const fieldKinds = [
	'text',
	'long_text',
	'choice',
	'date',
	'country',
	'yes_no'
] as const satisfies readonly FieldKind[];

/** Roles that may read a field; owners have no further access. */
export const readerRoles = [
	'registration',
	'programme',
	'finance',
	'stage',
	'door',
	'safeguarding'
] as const satisfies readonly ReaderRole[];

/** The reader's own logistics form. */
export interface OwnLogistics {
	registrationId: string;
	isOpen: boolean;
	dueAt: string | null;
	fields: OwnField[];
	/** Keys of the required fields without an answer. */
	missing: string[];
}

/** The name of a field in the form. */
export function fieldInputName(field: Pick<LogisticsField, 'key'>): string {
	return `detail_${field.key}`;
}

/** Who reads an answer, in the reader's words. */
export function readerWords(field: Pick<LogisticsField, 'visible_to' | 'for_host'>): string {
	const words: Record<ReaderRole, () => string> = {
		registration: m.logistics_form_reader_registration,
		programme: m.logistics_form_reader_programme,
		finance: m.logistics_form_reader_finance,
		stage: m.logistics_form_reader_stage,
		door: m.logistics_form_reader_door,
		safeguarding: m.logistics_form_reader_safeguarding
	};
	const all = [
		...field.visible_to.map((role) => words[role]()),
		...(field.for_host ? [m.logistics_form_reader_host()] : [])
	];
	return all.length > 0 ? all.join(', ') : m.logistics_form_nobody();
}

/** An answer in words: a choice by its label, a country by its name. */
export function answerWords(
	field: Pick<LogisticsField, 'kind' | 'choices'>,
	answer: string,
	countryName: (code: string) => string
): string {
	if (field.kind === 'yes_no')
		return answer === 'yes' ? m.logistics_form_yes() : answer === 'no' ? m.logistics_form_no() : '';
	if (field.kind === 'country') return countryName(answer);
	if (field.kind === 'choice') {
		const choice = field.choices.find(({ key }) => key === answer);
		return choice ? text(choice.label).text : answer;
	}
	return answer;
}

const limits: Record<FieldKind, number> = { text: 200, long_text: 2000, choice: 40, date: 10, country: 2, yes_no: 3 };

function faultOf(field: LogisticsField, value: string, isCountry: (code: string) => boolean): string | null {
	if (value === '') return null;
	const most = limits[field.kind];
	if (value.length > most) return m.ui_form_too_long({ most });
	if (field.kind === 'date' && !isDate(value)) return m.logistics_form_wrong_date();
	const isListed =
		field.kind === 'choice'
			? field.choices.some(({ key }) => key === value)
			: field.kind === 'country'
				? isCountry(value)
				: field.kind !== 'yes_no' || value === 'yes' || value === 'no';
	return isListed ? null : m.logistics_form_wrong_choice();
}

/** Reads the form: the changed answers, '' for deleted ones; or its errors. Absent fields stay. */
export function readFieldAnswers(
	data: FormData,
	fields: readonly OwnField[],
	isCountry: (code: string) => boolean
): { changed: Map<string, string>; form: FormResult } {
	const changed = new Map<string, string>();
	const form: FormResult = { name: 'logistics', values: {}, issues: [] };
	for (const field of fields) {
		const name = fieldInputName(field);
		const typed = data.get(name);
		if (typeof typed !== 'string') continue;
		const value = field.kind === 'long_text' ? typed.trim() : typed.replace(/\s+/g, ' ').trim();
		form.values[name] = typed;
		const fault = faultOf(field, value, isCountry);
		if (fault !== null) form.issues.push({ path: name, message: fault });
		else if (value !== field.answer) changed.set(field.id, value);
	}
	return { changed, form };
}

/** Labels of fields, as a list. */
export function labelsOf(fields: readonly Pick<LogisticsField, 'key' | 'label'>[], keys: readonly string[]): string {
	return fields
		.filter(({ key }) => keys.includes(key))
		.map(({ label }) => text(label).text)
		.join(', ');
}
