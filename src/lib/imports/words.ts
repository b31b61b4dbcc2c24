import type { ImportedRow, ImportOutcome } from '#lib/database/answers/imports.ts';
import { csvFaultWords } from '#lib/files/csv-words.ts';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { categoryWord, modeWord, stateWord } from '#lib/registration/words.ts';
import { modes, registrationStates } from '#lib/registration/registration.ts';
import { fileKinds, kindContents, type ImportKind } from './kinds.ts';
import type { ImportFault } from './read-file.ts';
import { importedRowsLimit } from './registrations.ts';

/** An export of another system in a few words. */
export const importKindWord = (kind: string): string =>
	fileKinds.some((known) => known === kind) ? m.imports_kind({ kind: kind as ImportKind }) : kind;

/** What a file is that belongs on another page, and where. */
export function otherKindWords(kind: ImportKind): string {
	return m.imports_other({ contents: kindContents[kind] ?? 'none', kind: importKindWord(kind) });
}

/** Why a file is not read, as a sentence. */
export function importFaultWords({ code, kind, csv }: ImportFault): string {
	switch (code) {
		case 'empty':
			return m.calendar_fault_empty();
		case 'too_large':
			return m.calendar_fault_too_large({ most: number(importedRowsLimit.bytes / 1_000_000) });
		case 'too_many':
			return m.members_import_too_many();
		case 'too_long':
			return m.files_csv_too_long();
		case 'compressed':
			return m.calendar_fault_compressed();
		case 'malformed':
			return m.calendar_fault_malformed();
		case 'deep':
			return m.imports_fault_deep();
		case 'unknown':
			return m.imports_fault_unknown();
		case 'other_kind':
			return kind ? otherKindWords(kind) : m.imports_fault_unknown();
		case 'csv':
			return csv ? csvFaultWords(csv) : m.calendar_fault_table();
	}
}

/** An outcome in a word or two. */
export const importOutcomeWord = (outcome: ImportOutcome): string => m.calendar_import_outcome({ outcome });

/** A note on a row as a sentence. */
export const importNoteWords = ({ code, words = '' }: ImportedRow['notes'][number]): string =>
	m.imports_note({ code: code as Parameters<typeof m.imports_note>[0]['code'], words: isolated(words) });

const fields: Partial<Record<string, () => string>> = {
	category: m.registration_field_category,
	mode: m.members_mode,
	member: m.registration_field_member,
	state: m.imports_field_state,
	elsewhere: m.imports_field_elsewhere,
	paid: m.imports_field_paid,
	answers: m.imports_field_answers,
	title: m.agenda_builder_title,
	abstract: m.agenda_changes_texts,
	notes: m.imports_field_notes,
	format: m.agenda_builder_format,
	track: m.agenda_builder_track,
	people: m.badges_person,
	decided: m.imports_field_decided
};

function valueWords(field: string, value: string): string {
	if (field === 'category') return categoryWord(value);
	const mode = modes.find((each) => each === value);
	if (field === 'mode' && mode) return modeWord(mode);
	const state = registrationStates.find((each) => each === value);
	if (field === 'state' && state) return stateWord(state);
	if (field === 'elsewhere' && (value === 'paid' || value === 'pending' || value === 'cancelled'))
		return m.imports_elsewhere({ state: value });
	if (field === 'decided') return decidedWords(value);
	return value;
}

function decidedWords(value: string): string {
	return value === 'submitted' || value === 'accepted' || value === 'rejected' || value === 'withdrawn'
		? m.imports_decided({ state: value })
		: value;
}

/** What changes by a row: the field, and its value before and after. */
export function importChangeWords({ field, from, to }: ImportedRow['changes'][number]): string {
	const values = { field: fields[field]?.() ?? field, to: isolated(valueWords(field, to ?? '')) };
	return from
		? m.members_change_from({ ...values, from: isolated(valueWords(field, from)) })
		: m.members_change_to(values);
}
