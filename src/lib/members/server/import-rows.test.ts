import { expect, test } from 'vitest';
import { readCsv } from '#lib/files/csv.ts';
import { countryOf, importRows, type SealAddress } from './import-rows.ts';

const seal: SealAddress = (address) => ({ hash: `hash of ${address}`, sealed: '', key_id: 'k', hint: '' });

function rowsOf(text: string) {
	const read = readCsv(new TextEncoder().encode(text), { bytes: 1_000_000, rows: 100 });
	if (!read.ok) throw new Error(read.fault.code);
	return importRows(read.table, seal);
}

test('columns are found by name, in any order; unknown columns are reported', () => {
	const read = rowsOf('Country;Name;Colour;SECTOR;name\nKenia;Aide  à l’enfance;red;Civil society;second\n');
	expect(read?.ignored).toEqual(['Colour', 'name']);
	expect(read?.rows).toEqual([
		{ line: 2, fields: { country: 'KE', name: 'Aide à l’enfance', sector: 'civil_society' }, focal: [] }
	]);
	expect(rowsOf('title,place\na,b\n')).toBeNull();
});

test('countries are codes or names in the languages of the pages', () => {
	expect(['KE', 'ken', 'Kenya', 'Kenia', 'كينيا', 'Côte d’Ivoire', 'Nowhere'].map(countryOf)).toEqual([
		...['KE', 'KE', 'KE', 'KE', 'KE', 'CI'],
		undefined
	]);
});

test('each cell that cannot be read is a fault with its reason', () => {
	const faults = (line: string) =>
		rowsOf(`name,sector,country,region,standing,website,code,focal_point_mail\n${line}\n`)?.rows[0]?.fault;
	expect(faults('A Name,banks,,,,,,')).toEqual({ column: 'sector', code: 'unknown', cell: 'banks' });
	expect(faults('A Name,,Atlantis,,,,,')).toEqual({ column: 'country', code: 'unknown', cell: 'Atlantis' });
	expect(faults('A Name,,,Middle,,,,')).toEqual({ column: 'region', code: 'unknown', cell: 'Middle' });
	expect(faults('A Name,,,,gone,,,')).toEqual({ column: 'standing', code: 'unknown', cell: 'gone' });
	expect(faults('A Name,,,,,javascript:alert(1),,')).toMatchObject({ column: 'website', code: 'wrong' });
	expect(faults('A Name,,,,,,"=1+1",')).toEqual({ column: 'code', code: 'wrong', cell: '=1+1' });
	expect(faults(`${'x'.repeat(201)},,,,,,,`)).toMatchObject({ column: 'name', code: 'too_long' });
	expect(faults('A Name,,,,,,,,too much')).toEqual({ column: '', code: 'ragged' });
	// An address that is misspelt is personal all the same.
	expect(faults('A Name,,,,,,,someone at example.org')).toEqual({ column: 'focal_point_mail', code: 'wrong' });
});

test('a formula is a name like any other, and addresses are sealed one by one', () => {
	const [row] =
		rowsOf('name,website,focal_point_mail\n"=HYPERLINK(""x"")",www.example.org/,a@example.org; b@example.org\n')
			?.rows ?? [];
	expect(row?.fields).toEqual({ name: '=HYPERLINK("x")', website: 'https://www.example.org' });
	expect(row?.focal.map(({ hash }) => hash)).toEqual(['hash of a@example.org', 'hash of b@example.org']);
	expect(JSON.stringify(row?.fields)).not.toContain('@');
});
