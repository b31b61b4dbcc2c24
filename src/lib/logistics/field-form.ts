/* The form of one question, as an organiser fills it in. No I/O. */
import type { FileSort } from '#lib/files/kinds.ts';
import { typesWords } from '#lib/files/words.ts';
import { checkbox, list, optionalText, wholeNumber } from '#lib/forms/fields.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { sectors } from '#lib/members/member.ts';
import { categories } from '#lib/registration/registration.ts';
import { gatherText, tagField, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';
import { choicesIn, keyFrom } from './choices.ts';
import type { FieldDraft } from './defaults.ts';
import {
	fieldKinds,
	hasChoices,
	isAlwaysSealed,
	questionForms,
	readerRoles,
	type ReaderRole,
	type FieldChoice,
	type OwnField
} from './logistics.ts';

const fileSorts = ['document', 'picture'] as const satisfies readonly FileSort[];

/** What a file may be, as options. */
export const fileSortOptions = () =>
	fileSorts.map((value) => {
		const words = value === 'document' ? m.logistics_file_sort_document : m.logistics_file_sort_picture;
		return { value, label: words({ types: typesWords(value) }) };
	});

const kindWords: Record<(typeof fieldKinds)[number], () => string> = {
	text: m.logistics_kind_text,
	long_text: m.logistics_kind_long_text,
	choice: m.logistics_kind_choice,
	choices: m.logistics_kind_choices,
	yes_no: m.logistics_kind_yes_no,
	number: m.logistics_kind_number,
	date: m.logistics_kind_date,
	country: m.logistics_kind_country,
	consent: m.logistics_kind_consent,
	file: m.logistics_kind_file
};

/** A kind of answer, in the reader's words. */
export const kindLabel = (kind: (typeof fieldKinds)[number]) => kindWords[kind]();

/** The condition as it is chosen: "key:value" for each value, all of one question. Null when they are of several. */
export function conditionFrom(
	chosen: readonly string[]
): { depends_on: string | null; depends_values: string[] } | null {
	const parts = chosen.map((each) => each.split(':'));
	const keys = new Set(parts.map(([key]) => key ?? ''));
	if (keys.size > 1) return null;
	return { depends_on: [...keys][0] ?? null, depends_values: parts.map(([, value]) => value ?? '') };
}

/** The schema for a Summit's languages. */
export function fieldSchema(tags: readonly string[]) {
	return v.object({
		key: v.pipe(optionalText(41), v.regex(/^([a-z][a-z0-9_]{1,40})?$/, m.logistics_key_wrong)),
		kind: v.picklist(fieldKinds),
		form: v.picklist(questionForms),
		'categories[]': list(v.picklist(categories)),
		'modes[]': list(v.picklist(['in_person', 'virtual'])),
		'sectors[]': list(v.picklist(sectors)),
		'condition[]': list(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]{1,40}:[a-z0-9_]{1,40}$/))),
		'visible_to[]': list(v.picklist(readerRoles)),
		is_required: checkbox(),
		is_identity: checkbox(),
		file_sort: v.optional(v.picklist(fileSorts), 'document'),
		for_host: checkbox(),
		is_sealed: checkbox(),
		in_mail: checkbox(),
		team: v.optional(v.union([v.literal(''), v.picklist(readerRoles)]), ''),
		'need_values[]': list(v.pipe(v.string(), v.regex(/^[a-z0-9_]{1,40}$/))),
		erase_days: wholeNumber(0, 3650),
		position: wholeNumber(0, 1000),
		version: wholeNumber(0),
		...textEntries('label', tags, { required: true }),
		...textEntries('help', tags, { most: 500, lines: true }),
		...textEntries('purpose', tags, { required: true, most: 500, lines: true }),
		...textEntries('choices', tags, { most: 5000, lines: true })
	} as v.ObjectEntries);
}

/** The field as it is saved, or which of its parts cannot be read. `taken`: keys of other questions. */
export function fieldFrom(
	output: Record<string, unknown>,
	tags: readonly string[],
	taken: readonly string[]
): FieldDraft | 'choices' | 'condition' {
	const kind = output['kind'] as FieldDraft['kind'];
	const choices = hasChoices(kind) ? choicesIn(gatherText(output, 'choices', tags), tags) : [];
	if (!choices) return 'choices';
	const condition = conditionFrom(output['condition[]'] as string[]);
	if (!condition) return 'condition';
	const label = gatherText(output, 'label', tags);
	const isFile = kind === 'file';
	const isIdentity = isFile || output['is_identity'] === true;
	const forHost = !isFile && output['for_host'] === true;
	const team = isFile ? '' : output['team'];
	return {
		key: String(output['key']) || newKey(label[label['original'] ?? 'en'] ?? '', taken),
		kind,
		form: output['form'] as FieldDraft['form'] & string,
		label,
		help: gatherText(output, 'help', tags),
		purpose: gatherText(output, 'purpose', tags),
		choices,
		categories: output['categories[]'] as string[],
		modes: output['modes[]'] as ('in_person' | 'virtual')[],
		sectors: output['sectors[]'] as string[],
		...condition,
		is_required: output['is_required'] === true,
		is_identity: isIdentity,
		for_host: forHost,
		is_sealed: output['is_sealed'] === true || isAlwaysSealed(kind) || isIdentity || forHost,
		in_mail: output['in_mail'] === true,
		visible_to: output['visible_to[]'] as FieldDraft['visible_to'],
		team: (team || null) as ReaderRole | null,
		file_sort: isFile ? (output['file_sort'] as FileSort) : null,
		need_values: team ? (output['need_values[]'] as string[]) : [],
		erase_days: Number(output['erase_days']),
		position: Number(output['position']),
		version: Number(output['version'])
	};
}

/** A key made from the words of a question, that no other question has. */
function newKey(words: string, taken: readonly string[]): string {
	const made = keyFrom(words).slice(0, 36);
	const base = /^[a-z][a-z0-9_]+$/.test(made) ? made : 'question';
	let key = base;
	for (let n = 2; taken.includes(key); n += 1) key = `${base}_${n}`;
	return key;
}

/** The question as the typed form would ask it in one language. */
export function previewField(data: FormData, tag: string, tags: readonly string[], endsOn: string): OwnField {
	const typed = (name: string): TextMap => {
		const value = data.get(tagField(name, tag)) ?? '';
		return typeof value === 'string' && value !== '' ? { original: tag, [tag]: value } : {};
	};
	const kind = fieldKinds.find((each) => each === data.get('kind')) ?? 'text';
	const labels = Object.fromEntries(tags.map((each) => [each, String(data.get(tagField('choices', each)) ?? '')]));
	const only = ({ key, label }: FieldChoice) => ({ key, label: label[tag] ? { [tag]: label[tag] } : label });
	const days = Math.min(Number(data.get('erase_days')) || 0, 3650);
	return {
		id: tag,
		key: `preview_${tag}`,
		kind,
		label: typed('label'),
		help: typed('help'),
		purpose: typed('purpose'),
		choices: (choicesIn(labels, tags) ?? []).map(only),
		is_required: data.has('is_required'),
		for_host: data.has('for_host'),
		on_badge: false,
		visible_to: readerRoles.filter((role) => data.getAll('visible_to[]').includes(role)),
		form: 'logistics',
		depends_on: null,
		depends_values: [],
		need_values: [],
		is_sealed: true,
		file_sort: kind === 'file' ? (fileSorts.find((sort) => sort === data.get('file_sort')) ?? 'document') : null,
		erased_on: new Date(Date.parse(`${endsOn}T12:00Z`) + days * 86_400_000).toISOString().slice(0, 10),
		answer: ''
	};
}

const promises: Record<string, () => string> = {
	visible_to: m.logistics_promise_readers,
	erase_days: m.logistics_promise_erased,
	purpose: m.logistics_promise_purpose,
	kind: m.logistics_promise_kind,
	for_host: m.logistics_promise_host,
	is_identity: m.logistics_promise_identity,
	is_sealed: m.logistics_promise_sealed,
	choices: m.logistics_promise_choices,
	depends_on: m.logistics_promise_needed
};

/** Why a change is refused, each reason as a sentence. */
export function promiseWords(faults: readonly string[]): string {
	const reasons = faults.map((fault) => promises[fault]?.() ?? '').filter((words) => words !== '');
	return [m.logistics_field_promised(), ...reasons].join(' ');
}

/** The name of a form. */
export const formLabel = (form: (typeof questionForms)[number]) =>
	form === 'registration' ? m.logistics_in_registration() : m.ui_organise_logistics();
