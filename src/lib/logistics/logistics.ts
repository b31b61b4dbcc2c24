/* The questions of both forms, and a person's answers. No I/O. */
import { joinFacts, joinList } from '#lib/i18n/list.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { FieldKind, LogisticsField, ReaderRole, SealedField } from '#lib/database/answers/logistics.ts';

export type { FieldChoice, FieldKind, ReaderRole } from '#lib/database/answers/logistics.ts';

/** The form in which a question is asked. */
export type QuestionForm = LogisticsField['form'];

export const questionForms = ['registration', 'logistics'] as const satisfies readonly QuestionForm[];

/** A field of the reader's form with its answer; '' for none. Several choices are separated by commas. */
export type OwnField = Omit<SealedField, 'answer_sealed' | 'key_id' | 'value'> & { answer: string };

export const fieldKinds = [
	'text',
	'long_text',
	'choice',
	'choices',
	'yes_no',
	'number',
	'date',
	'country',
	'consent',
	'file'
] as const satisfies readonly FieldKind[];

/** The kinds with a list of choices. */
export const hasChoices = (kind: FieldKind) => kind === 'choice' || kind === 'choices';

/** The kinds whose answer is ever sealed: a text or a file may contain a name. */
export const isAlwaysSealed = (kind: FieldKind) => kind === 'text' || kind === 'long_text' || kind === 'file';

/** The maximum size of a file that answers a question, in bytes. */
export const answerFileLimit = 10_000_000;

/** The facts of a file that answers a question: its answer, as JSON. */
export interface GivenFile {
	/** As its person named it. */
	name: string;
	/** In bytes. */
	size: number;
	media_type: string;
}

/** The facts of the file that an answer is; null where there is none. */
export const givenFile = (answer: string): GivenFile | null =>
	answer === '' ? null : (JSON.parse(answer) as GivenFile);

/** Whether a registration gave a file, as lists say it. */
export const fileStates = { given: m.logistics_file_given, missing: m.logistics_file_missing };

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
	summitId: string;
	registrationId: string;
	isOpen: boolean;
	dueAt: string | null;
	/** Which state of the answers it is. */
	version: string;
	fields: OwnField[];
	/** Keys of the required fields without an answer. */
	missing: string[];
}

/** The name of a field in the form. */
export function fieldInputName(field: Pick<LogisticsField, 'key' | 'kind'>): string {
	return `detail_${field.key}${field.kind === 'choices' ? '[]' : ''}`;
}

/** The name of the box that removes a file. */
export const removeInputName = ({ key }: Pick<LogisticsField, 'key'>) => `remove_${key}`;

/** The choices of an answer to a question of several choices. */
export const chosenKeys = (answer: string) => (answer === '' ? [] : answer.split(','));

/** Who reads an answer, in the reader's words. */
export function readerWords(field: Pick<LogisticsField, 'visible_to' | 'for_host' | 'on_badge'>): string {
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
		...(field.for_host ? [m.logistics_form_reader_host()] : []),
		...(field.on_badge ? [m.logistics_form_reader_badge()] : [])
	];
	return all.length > 0 ? joinList(all) : m.logistics_form_nobody();
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
	if (field.kind === 'consent') return answer === 'yes' ? m.logistics_form_agreed() : '';
	if (field.kind === 'file') return answer === 'given' || answer === 'missing' ? fileStates[answer]() : '';
	if (!hasChoices(field.kind)) return answer;
	const words = chosenKeys(answer).map((key) => {
		const choice = field.choices.find((each) => each.key === key);
		return choice ? text(choice.label).text : key;
	});
	return joinFacts(words);
}

/** The values on which a question can depend, with their words; none where its answers are sealed. */
export function conditionValues(
	field: Pick<LogisticsField, 'kind' | 'choices' | 'is_sealed'>
): { value: string; label: string }[] {
	if (field.is_sealed) return [];
	if (field.kind === 'consent') return [{ value: 'yes', label: m.logistics_form_agreed() }];
	if (field.kind === 'yes_no')
		return [
			{ value: 'yes', label: m.logistics_form_yes() },
			{ value: 'no', label: m.logistics_form_no() }
		];
	return hasChoices(field.kind) ? field.choices.map(({ key, label }) => ({ value: key, label: text(label).text })) : [];
}

/** Under what answer a question is asked, in the reader's words; null where it is asked in any case. */
export function conditionWords(
	field: Pick<LogisticsField, 'depends_on' | 'depends_values'>,
	fields: readonly Pick<LogisticsField, 'key' | 'label' | 'kind' | 'choices' | 'is_sealed'>[]
): string | null {
	const other = fields.find(({ key }) => key === field.depends_on);
	if (!other) return null;
	const values = conditionValues(other).filter(({ value }) => field.depends_values.includes(value));
	return m.logistics_form_condition({
		question: text(other.label).text,
		answers: values.map(({ label }) => label).join(' / ')
	});
}

/** Whether a question is asked, given the answers to all; `answerOf` answers by key. */
export function isConditionMet(
	field: Pick<LogisticsField, 'depends_on' | 'depends_values'>,
	fields: readonly Pick<LogisticsField, 'key' | 'depends_on' | 'depends_values'>[],
	answerOf: (key: string) => string,
	depth = 0
): boolean {
	if (field.depends_on === null) return true;
	const other = fields.find(({ key }) => key === field.depends_on);
	return (
		other !== undefined &&
		depth < fields.length &&
		chosenKeys(answerOf(other.key)).some((key) => field.depends_values.includes(key)) &&
		isConditionMet(other, fields, answerOf, depth + 1)
	);
}

/** Labels of fields, as a list. */
export function labelsOf(fields: readonly Pick<LogisticsField, 'key' | 'label'>[], keys: readonly string[]): string {
	return joinList(fields.filter(({ key }) => keys.includes(key)).map(({ label }) => text(label).text));
}
