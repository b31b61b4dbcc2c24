import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFaultWords } from './csv-words.ts';
import { readCsv, writeCsv, type CsvTable } from './csv.ts';

const limit = { bytes: 8_000_000, rows: 50_000 };

function read(content: string | Uint8Array, allowed = limit): CsvTable {
	const answer = readCsv(typeof content === 'string' ? new TextEncoder().encode(content) : content, allowed);
	if (!answer.ok) throw new Error(answer.fault.code);
	return answer.table;
}

function faultOf(content: string | Uint8Array, allowed: { bytes: number; rows: number; cell?: number } = limit) {
	const answer = readCsv(typeof content === 'string' ? new TextEncoder().encode(content) : content, allowed);
	return answer.ok ? null : answer.fault;
}

function utf16(text: string, little: boolean): Uint8Array {
	const bytes = new Uint8Array(text.length * 2 + 2);
	const view = new DataView(bytes.buffer);
	view.setUint16(0, 0xfeff, little);
	for (let at = 0; at < text.length; at++) view.setUint16(at * 2 + 2, text.charCodeAt(at), little);
	return bytes;
}

describe('reading', () => {
	it('detects commas, semicolons and tabs by the first line', () => {
		for (const delimiter of [',', ';', '\t'] as const) {
			const table = read(`name${delimiter}country\n"Aide, enfance; et\tplus"${delimiter}SN\n`);
			expect(table.delimiter).toBe(delimiter);
			expect(table.header).toEqual(['name', 'country']);
			expect(table.rows[0]?.cells[1]).toBe('SN');
		}
		expect(read('"a,b,c";d\n1;2\n').header).toEqual(['a,b,c', 'd']);
		expect(read('sep=;\r\nname;country\r\nX, Y;KE\r\n').rows).toEqual([{ line: 3, cells: ['X, Y', 'KE'] }]);
	});

	it('reads UTF-8 with and without a byte order mark, UTF-16 and windows-1252', () => {
		const text = 'name,country\nSénégal – Été,SN\n';
		expect(read(`\uFEFF${text}`)).toMatchObject({ encoding: 'utf-8', header: ['name', 'country'] });
		for (const little of [true, false]) {
			const table = read(utf16(text, little));
			expect(table.encoding).toBe(little ? 'utf-16le' : 'utf-16be');
			expect(table.rows).toEqual([{ line: 2, cells: ['Sénégal – Été', 'SN'] }]);
		}
		const western = Uint8Array.from([...text].map((letter) => (letter === '–' ? 0x96 : letter.charCodeAt(0))));
		expect(read(western)).toMatchObject({ encoding: 'windows-1252', rows: [{ cells: ['Sénégal – Été', 'SN'] }] });
	});

	it('reports the line on which a record begins, after quotes, breaks and blank lines', () => {
		const table = read('name,note\r\n\r\n"A ""B""","one\r\ntwo"\r\n,\r\nC,d\r\n');
		expect(table.rows).toEqual([
			{ line: 3, cells: ['A "B"', 'one\ntwo'] },
			{ line: 6, cells: ['C', 'd'] }
		]);
	});

	it('keeps rows that are too short or too long as they are', () => {
		expect(read('a,b\n1\n1,2,3\n').rows.map(({ cells }) => cells)).toEqual([['1'], ['1', '2', '3']]);
	});

	it('keeps formulas as text', () => {
		expect(read(`name\n"=HYPERLINK(""https://x"")"\n'=1+1\n'name\n`).rows.map(({ cells }) => cells[0])).toEqual([
			'=HYPERLINK("https://x")',
			'=1+1',
			"'name"
		]);
	});

	it('reports what it cannot read', () => {
		expect(faultOf('')).toEqual({ code: 'empty' });
		expect(faultOf(' \n\n')).toEqual({ code: 'empty' });
		expect(faultOf(',,\n,,\n')).toEqual({ code: 'empty' });
		expect(faultOf(Uint8Array.from([0x50, 0x4b, 3, 4, 1, 2]))).toEqual({ code: 'workbook' });
		expect(faultOf(Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]))).toEqual({ code: 'not_text' });
		expect(faultOf('a,b\n"1,2\n')?.code).toBe('quotes');
		expect(faultOf('a,b\n1,2\n1 "x" 2,3\n')).toEqual({ code: 'quotes', line: 3 });
		expect(faultOf('a\n1\n2\n3\n', { bytes: 100, rows: 2 })).toEqual({ code: 'too_many_rows', limit: 2 });
		expect(faultOf('a\n123\n', { bytes: 100, rows: 2, cell: 2 })).toEqual({ code: 'long_cell', line: 2, limit: 2 });
		expect(faultOf('a'.repeat(101), { bytes: 100, rows: 2 })).toEqual({ code: 'too_large', limit: 100 });
		for (const code of [
			'empty',
			'too_large',
			'too_many_rows',
			'workbook',
			'not_text',
			'quotes',
			'long_cell'
		] as const) {
			expect(csvFaultWords({ code, line: 3, limit: 1000 })).toMatch(/\.$/);
		}
	});

	it('reads 50,000 rows, and refuses one more without reading on', () => {
		const rows = (count: number) =>
			Array.from({ length: count }, (_, at) => `Member ${at},civil_society,KE`).join('\n');
		expect(read(`name,sector,country\n${rows(50_000)}\n`).rows.length).toBe(50_000);
		// Had it read on, it would have found the open quotation mark.
		expect(faultOf(`name,sector,country\n${rows(50_001)}\n"open,civil_society,KE\n`)).toEqual({
			code: 'too_many_rows',
			limit: 50_000
		});
	});
});

describe('writing', () => {
	it('neutralises what a spreadsheet would run, and keeps numbers', () => {
		expect(writeCsv([['=1+1', '+4', '-a', '@x', '\tb', '\rc', '＝d', "'=e", 'f=g', -12.5, null, 'a "b", c;d']])).toBe(
			`\uFEFF'=1+1,'+4,'-a,'@x,"'\tb","'\rc",'＝d,''=e,f=g,-12.5,,"a ""b"", c;d"\r\n`
		);
	});

	it('is read again unchanged', () => {
		const cell = fc
			.oneof(fc.string(), fc.constantFrom('=1+1', "'=x", '-', '@', "''+", 'a\nb', '"', 'é;è,\tê'))
			// eslint-disable-next-line no-control-regex
			.filter((text) => text.trim() === text && !/[\u0000-\u0008\u000e-\u001f\uFEFF]/.test(text) && text !== '');
		fc.assert(
			fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }), (rows) => {
				const table = read(writeCsv([['a', 'b', 'c'], ...rows]));
				expect(table.rows.map(({ cells }) => cells)).toEqual(rows);
			})
		);
	});
});
