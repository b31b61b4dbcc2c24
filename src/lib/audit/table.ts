/* The history as a table for a file: one row for each changed field, so that it can be sorted and counted. */
import type { CsvCell } from '#lib/files/csv.ts';
import type { AuditEntry } from './history.ts';
import { actorWord, actWords, fieldWord, valueWords } from './words.ts';

const header = ['Entry', 'Time (UTC)', 'Who', 'For', 'What', 'About', 'Field', 'Before', 'After', 'Reason'];

/** The rows of the file, with its header. Personal values are listed as "changed". */
export function auditRows(entries: readonly AuditEntry[], zone: string): CsvCell[][] {
	return [header, ...entries.flatMap((entry) => rowsOf(entry, zone))];
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
		...entry.fields.map((field) => [
			fieldWord(field.name),
			valueWords(entry, field.name, field.old, zone),
			valueWords(entry, field.name, field.new, zone)
		]),
		...entry.sealed.map((name) => [fieldWord(name), 'changed', 'changed'])
	];
	return (rows.length > 0 ? rows : [['', '', '']]).map((row) => [...begin, ...row, entry.reason ?? '']);
}
