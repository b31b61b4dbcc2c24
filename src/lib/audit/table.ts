/* The history as a table for a file: one row for each changed field, so that it can be sorted and counted. */
import type { CsvCell } from '#lib/files/csv.ts';
import { m } from '#lib/i18n/messages.ts';
import type { AuditEntry } from './history.ts';
import { actorWord, actWords, fieldWord, saidFields, valueWords } from './words.ts';

const header = () => [
	m.audit_column_entry(),
	m.audit_column_time(),
	m.audit_column_who(),
	m.audit_column_for(),
	m.audit_column_what(),
	m.audit_column_about(),
	m.audit_column_field(),
	m.audit_column_before(),
	m.audit_column_after(),
	m.audit_column_reason()
];

/** The rows of the file, with its header. Personal values are listed as "changed". */
export function auditRows(entries: readonly AuditEntry[], zone: string): CsvCell[][] {
	return [header(), ...entries.flatMap((entry) => rowsOf(entry, zone))];
}

function rowsOf(entry: AuditEntry, zone: string): CsvCell[][] {
	const begin = [
		entry.id,
		entry.at,
		actorWord(entry.by),
		entry.for ? actorWord(entry.for) : '',
		actWords(entry),
		entry.subject?.label ?? entry.person ?? ''
	];
	const rows = [
		...saidFields(entry).map((field) => [
			fieldWord(field.name),
			valueWords(entry, field.name, field.old, zone),
			valueWords(entry, field.name, field.new, zone)
		]),
		...entry.sealed.map((name) => [fieldWord(name), m.audit_changed(), m.audit_changed()])
	];
	return (rows.length > 0 ? rows : [['', '', '']]).map((row) => [...begin, ...row, entry.reason ?? '']);
}
