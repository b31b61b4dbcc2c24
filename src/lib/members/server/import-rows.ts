import isoCountries from 'i18n-iso-countries';
import type { CsvTable } from '#lib/files/csv.ts';
import { oneLine } from '#lib/forms/one-line.ts';
import { folded } from '#lib/forms/folded.ts';
import { splitList } from '#lib/i18n/list.ts';
import { locales } from '#lib/i18n/locale.ts';
import { countryName } from '#lib/members/countries.ts';
import { importColumns, type ImportColumn, type ImportRow, type RowFault } from '#lib/members/import.ts';
import { sectors } from '#lib/members/member.ts';
import { isRegion, regions } from '#lib/members/regions.ts';
import { standings } from '#lib/members/registry.ts';
import { countryCodes } from './countries.ts';

/** Seals an address; `hint` identifies it without revealing it. */
export type SealAddress = (address: string) => ImportRow['focal'][number];

type Fields = ImportRow['fields'];

let codesByName: Map<string, string> | undefined;

/**
 * The code of a country that is written as a code of two or three letters, or by its name in a language of the pages.
 */
export function countryOf(cell: string): string | undefined {
	if (!codesByName) {
		codesByName = new Map();
		for (const code of countryCodes) {
			const names = locales.flatMap((language) => [isoCountries.getName(code, language), countryName(code, language)]);
			for (const name of [code, isoCountries.alpha2ToAlpha3(code), ...names])
				if (name) codesByName.set(folded(name), code);
		}
	}
	return codesByName.get(folded(cell));
}

const word = (cell: string) => folded(cell).replace(/[^a-z]+/g, '_');
const mail = /^[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;]+$/u;

/** Converts the text of a cell, or gives the reason why it is invalid. */
const readers: Record<Exclude<ImportColumn, 'focal_point_mail'>, (cell: string) => string | { code: string }> = {
	code: (cell) => (/^[A-Za-z0-9]{4,12}$/.test(cell) ? cell.toUpperCase() : { code: 'wrong' }),
	name: (cell) => {
		const name = oneLine(cell);
		return name.length > 200 ? { code: 'too_long' } : name.length < 2 ? { code: 'wrong' } : name;
	},
	sector: (cell) => sectors.find((each) => each === word(cell)) ?? { code: 'unknown' },
	country: (cell) => countryOf(cell) ?? { code: 'unknown' },
	region: (cell) =>
		regions.find((each) => folded(each) === folded(cell)) ?? (isRegion(cell) ? cell : { code: 'unknown' }),
	standing: (cell) => standings.find((each) => each === word(cell)) ?? { code: 'unknown' },
	website: (cell) => {
		const url = URL.parse(/^[a-z]+:/i.test(cell) ? cell : `https://${cell}`);
		if (!url || !/^https?:$/.test(url.protocol) || !url.hostname.includes('.') || /\s/.test(cell))
			return { code: 'wrong' };
		return url.href.length > 300 ? { code: 'too_long' } : url.href.replace(/\/$/, '');
	}
};

/** The names of the file's known columns, by position, and of the unknown ones. */
function columnsOf(header: readonly string[]): { known: (ImportColumn | null)[]; ignored: string[] } {
	const seen = new Set<ImportColumn>();
	const known = header.map((name) => {
		const column = importColumns.find((each) => each === word(name));
		if (!column || seen.has(column)) return null;
		seen.add(column);
		return column;
	});
	return {
		known,
		ignored: header.filter((name, at) => known[at] === null && name !== '').map((name) => name.slice(0, 60))
	};
}

/**
 * The rows of a table as the database plans with them, addresses sealed. Null when neither name nor code is a column.
 */
export function importRows(table: CsvTable, seal: SealAddress): { rows: ImportRow[]; ignored: string[] } | null {
	const { known, ignored } = columnsOf(table.header);
	if (!known.includes('name') && !known.includes('code')) return null;
	const rows = table.rows.map(({ line, cells }): ImportRow => {
		const row: ImportRow = { line, fields: {}, focal: [] };
		if (cells.slice(known.length).some((cell) => cell !== '')) row.fault = { column: '', code: 'ragged' };
		for (const [at, column] of known.entries()) {
			const cell = cells[at] ?? '';
			if (column === null || cell === '' || row.fault) continue;
			const fault = column === 'focal_point_mail' ? addAddresses(row, cell, seal) : addField(row.fields, column, cell);
			if (fault) row.fault = fault;
		}
		return row;
	});
	return { rows, ignored };
}

function addField(fields: Fields, column: Exclude<ImportColumn, 'focal_point_mail'>, cell: string): RowFault | null {
	const read = readers[column](cell);
	if (typeof read !== 'string') return { column, code: read.code, cell: cell.slice(0, 80) };
	fields[column] = read;
	return null;
}

function addAddresses(row: ImportRow, cell: string, seal: SealAddress): RowFault | null {
	const addresses = splitList(cell, 'words');
	// Whether or not the text is an address, it is repeated nowhere in clear text.
	if (addresses.length > 20 || addresses.some((each) => each.length > 254 || !mail.test(each))) {
		return { column: 'focal_point_mail', code: 'wrong' };
	}
	row.focal = addresses.map(seal);
	return null;
}
