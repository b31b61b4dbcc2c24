import type { CopyOfPerson } from '#lib/database/answers/privacy.ts';
import { joinFacts, joinLabel, joinStatements } from '#lib/i18n/list.ts';
import { text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { day, dayAndClock, money, number } from '#lib/i18n/time.ts';
import * as v from 'valibot';

const row = v.pipe(
	v.record(v.string(), v.unknown()),
	v.description(
		'Times are ISO 8601 in UTC, amounts are in minor units of the currency, texts in several languages are objects by language.'
	)
);

/** `data.json` in a copy of everything about a person: docs/data-copy.md. */
export type DataCopy = Omit<CopyOfPerson, 'mails' | 'files'> & {
	format: 1;
	/** As they were written, in their own language. */
	mails: { at: string | null; subject: string; text: string }[];
	/** Paths in the archive. */
	files: string[];
};

/** What `data.json` contains, for programs. */
export const dataCopySchema = v.object({
	format: v.pipe(v.literal(1), v.description('Goes up when a program that reads it has to change.')),
	made_at: v.pipe(v.string(), v.description('When the copy was written.')),
	accounts: v.pipe(
		v.array(
			v.object({
				address: v.nullable(v.string()),
				created_at: v.nullable(v.string()),
				last_signed_in_at: v.nullable(v.string())
			})
		),
		v.description('How the person signs in.')
	),
	tables: v.pipe(
		v.array(
			v.object({
				name: v.pipe(v.string(), v.description('The table of the database, such as "public.registrations".')),
				section: v.string(),
				columns: v.pipe(v.array(v.string()), v.description('The names in a row, in their order.')),
				rows: v.array(row)
			})
		),
		v.description('Every table with rows about the person; those without are left out.')
	),
	mails: v.array(v.object({ at: v.nullable(v.string()), subject: v.string(), text: v.string() })),
	files: v.pipe(v.array(v.string()), v.description('Paths in the archive.')),
	readings: v.pipe(
		v.array(
			v.object({
				at: v.string(),
				kind: v.string(),
				roles: v.array(v.string()),
				summit: v.nullable(v.record(v.string(), v.string()))
			})
		),
		v.description('Who looked at sensitive data about the person: when, and in what role.')
	),
	left_out: v.pipe(
		v.array(v.object({ name: v.string(), reason: v.string() })),
		v.description('The tables that are not given, and why.')
	)
});

type Row = CopyOfPerson['tables'][number]['rows'][number];

const Sealed = v.strictObject({ sealed: v.nullable(v.string()), key_id: v.nullable(v.string()), place: v.string() });

/**
 * The rows with their sealed values opened; null where a value cannot be opened any more. `open` gets a sealed value in
 * hexadecimal, the id of its key, and the place that it was sealed for.
 */
export function openRows(rows: readonly Row[], open: (sealed: string, keyId: string, place: string) => string): Row[] {
	const opened = (value: unknown) => {
		const found = v.safeParse(Sealed, value);
		if (!found.success) return value;
		const { sealed, key_id, place } = found.output;
		if (sealed === null || key_id === null) return null;
		try {
			return parsed(open(sealed, key_id, place));
		} catch {
			return null;
		}
	};
	return rows.map((one) => Object.fromEntries(Object.entries(one).map(([name, value]) => [name, opened(value)])));
}

// What was sealed is a text, or several values as JSON.
function parsed(opened: string): unknown {
	if (!opened.startsWith('{')) return opened;
	try {
		return JSON.parse(opened) as unknown;
	} catch {
		return opened;
	}
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const date = /^\d{4}-\d\d-\d\d$/;
const tag = /^(?:original|[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)$/;

function isTextMap(value: object): value is TextMap {
	const entries = Object.entries(value);
	return entries.length > 0 && entries.every(([name, words]) => tag.test(name) && typeof words === 'string');
}

/** A value of a row as a person reads it, in the present language and a time zone; '' for none. `currency`: of the row. */
export function valueText(column: string, value: unknown, zone: string, currency?: unknown): string {
	if (value === null || value === undefined) return '';
	if (typeof value === 'boolean') return value ? m.privacy_copy_yes() : m.privacy_copy_no();
	if (typeof value === 'number')
		return column === 'amount' && typeof currency === 'string' ? money(value, currency) : number(value);
	if (typeof value === 'string') {
		if (instant.test(value)) return dayAndClock(value, zone);
		return date.test(value) ? day(value, 'UTC', { weekday: 'none', year: true }) : value;
	}
	if (Array.isArray(value)) return joinFacts(value.map((one) => valueText(column, one, zone)));
	if (typeof value !== 'object') return '';
	if (isTextMap(value)) return text(value).text;
	return joinStatements(
		Object.entries(value)
			.map(([name, one]) => [name, valueText(name, one, zone)] as const)
			.filter(([, words]) => words)
			.map(([name, words]) => joinLabel(name, words))
	);
}
