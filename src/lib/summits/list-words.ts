import { text, type TextMap } from '#lib/i18n/locale.ts';
import { money } from '#lib/i18n/time.ts';
import type { List, ListField, ListRow } from '#lib/summits/lists.ts';

/** What a row is called. */
export function rowName(list: List, row: ListRow): string {
	const [first] = list.fields;
	return first ? cellText(first, row, '') || '—' : row.id;
}

/** What a row's amounts are in: a fee keeps the currency it was made in, whatever the Summit's is by now. */
export function currencyOf(row: ListRow | null, summit: string): string {
	const own = row?.['currency'];
	return typeof own === 'string' ? own : summit;
}

/** A value as it stands in the list. */
export function cellText(field: ListField, row: ListRow, currency: string): string {
	const value = row[field.name];
	if (value === null || value === undefined) return '';
	if (typeof value === 'object') return text(value as TextMap).text;
	if (typeof value === 'boolean') return value ? 'Yes' : 'No';
	if (field.kind === 'money') return money(Number(value), currencyOf(row, currency));
	return field.options?.find((option) => option.value === value)?.label ?? String(value);
}
