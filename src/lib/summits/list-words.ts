import { text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { List, ListField, ListRow } from '#lib/summits/lists.ts';

/** The name of a row. */
export function rowName(list: List, row: ListRow): string {
	const [first] = list.fields;
	return first ? cellText(first, row) || '—' : row.id;
}

/** A value as the list shows it. */
export function cellText(field: ListField, row: ListRow): string {
	const value = row[field.name];
	if (value === null || value === undefined) return '';
	if (typeof value === 'object') return text(value as TextMap).text;
	if (typeof value === 'boolean') return value ? m.audit_yes() : m.audit_no();
	return field.options?.().find((option) => option.value === value)?.label ?? String(value);
}
