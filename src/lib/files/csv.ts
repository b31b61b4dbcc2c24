import { CsvError, parse } from 'csv-parse/sync';
import type { CsvDelimiter, CsvEncoding } from '#lib/database/answers/files.ts';

/** The limits of a file; a cell may have `cell` characters, and a row `columns` cells. */
export interface CsvLimit {
	bytes: number;
	rows: number;
	cell?: number;
	columns?: number;
	/** Where it is known; else the most frequent one in the first line. */
	delimiter?: CsvDelimiter;
}

/** One record and its first line in the file. */
export interface CsvRow {
	line: number;
	cells: string[];
}

/** The first record names the columns; all cells are trimmed text. */
export interface CsvTable {
	encoding: CsvEncoding;
	delimiter: CsvDelimiter;
	header: string[];
	rows: CsvRow[];
}

/** Why a file cannot be read; `line` where one is known. */
export interface CsvFault {
	code:
		| 'empty'
		| 'too_large'
		| 'too_many_rows'
		| 'workbook'
		| 'not_text'
		| 'quotes'
		| 'long_cell'
		| 'too_many_columns'
		| 'too_long';
	line?: number;
	/** The limit that was exceeded, for too_large (bytes), too_many_rows, too_many_columns and long_cell. */
	limit?: number;
}

export type CsvAnswer = { ok: true; table: CsvTable } | { ok: false; fault: CsvFault };

const mostColumns = 200;
const delimiters = [',', ';', '\t'] as const;

// A spreadsheet runs cells that start so; the full-width forms too.
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/;
const neutralised = /^'+[=+\-@\t\r\n＝＋－＠]/;

/** Reads a table from the bytes of a file: any common encoding and separator, formulas as plain text. */
export function readCsv(bytes: Uint8Array, limit: CsvLimit): CsvAnswer {
	if (bytes.byteLength > limit.bytes) return refused('too_large', { limit: limit.bytes });
	if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03) return refused('workbook');
	const { text, encoding } = decodeText(bytes);
	// Control characters other than white space: a picture, a PDF, or UTF-16 without its byte order mark.
	// eslint-disable-next-line no-control-regex
	if (/[\u0000-\u0008\u000e-\u001f]/.test(text)) return refused('not_text');
	// All line breaks become one kind, so that lines are counted as in an editor.
	const lines = text.replace(/\r\n?/g, '\n');
	const named = /^sep=([,;\t])\n/.exec(lines);
	const body = named ? lines.slice(named[0].length) : lines;
	if (body.trim() === '') return refused('empty');
	const delimiter = limit.delimiter ?? (named?.[1] as CsvDelimiter | undefined) ?? delimiterOf(body);
	const columns = limit.columns ?? mostColumns;
	// Before parsing: a row of half a million cells takes seconds.
	if (widthOf(body, delimiter) > columns) return refused('too_many_columns', { limit: columns });
	const parsed = recordsOf(body, delimiter, limit, named ? 1 : 0);
	if (!Array.isArray(parsed)) return { ok: false, fault: parsed };
	const [header, ...rows] = parsed;
	if (!header) return refused('empty');
	if (rows.length > limit.rows) return refused('too_many_rows', { limit: limit.rows });
	const cell = limit.cell ?? 10_000;
	const long = parsed.find(({ cells }) => cells.some((each) => each.length > cell));
	if (long) return refused('long_cell', { line: long.line, limit: cell });
	return { ok: true, table: { encoding, delimiter, header: header.cells, rows } };
}

function refused(code: CsvFault['code'], more: Omit<CsvFault, 'code'> = {}): CsvAnswer {
	return { ok: false, fault: { code, ...more } };
}

/** The text of a file in any common encoding. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: CsvEncoding } {
	const [first, second] = bytes;
	if (first === 0xff && second === 0xfe)
		return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'utf-16le' };
	if (first === 0xfe && second === 0xff)
		return { text: new TextDecoder('utf-16be').decode(bytes), encoding: 'utf-16be' };
	try {
		return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
	} catch {
		return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
	}
}

// The number of cells in the widest line: quoted separators do not count, and a quoted line break ends no line.
function widthOf(text: string, delimiter: CsvDelimiter): number {
	const sign = delimiter.charCodeAt(0);
	let widest = 0;
	let width = 1;
	let quoted = false;
	for (let at = 0; at < text.length; at += 1) {
		const letter = text.charCodeAt(at);
		if (letter === 0x22) quoted = !quoted;
		else if (quoted) continue;
		else if (letter === sign) width += 1;
		else if (letter === 0x0a) {
			widest = Math.max(widest, width);
			width = 1;
		}
	}
	return Math.max(widest, width);
}

// Column names contain no separators but the file's own: the most frequent one outside quotes in the first line.
function delimiterOf(text: string): CsvDelimiter {
	const counts = new Map<string, number>(delimiters.map((each) => [each, 0]));
	let quoted = false;
	for (const letter of text.trimStart().slice(0, 20_000)) {
		if (letter === '"') quoted = !quoted;
		else if (!quoted && letter === '\n') break;
		else if (!quoted && counts.has(letter)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
	}
	return delimiters.reduce((best, each) => ((counts.get(each) ?? 0) > (counts.get(best) ?? 0) ? each : best));
}

function recordsOf(text: string, delimiter: CsvDelimiter, limit: CsvLimit, skipped: number): CsvRow[] | CsvFault {
	const ends: number[] = [];
	try {
		const records = parse(text, {
			bom: true,
			delimiter,
			relax_column_count: true,
			skip_empty_lines: true,
			skip_records_with_empty_values: true,
			// The header, and one row over the limit, so that an excess is known without reading them all.
			to: limit.rows + 2,
			on_record: (record: string[], { lines }) => {
				ends.push(lines);
				return record;
			}
		}) as string[][];
		return records.map((record, at) => {
			const cells = record.map((cell) => (neutralised.test(cell) ? cell.slice(1) : cell).trim());
			// The parser knows where a record ends; the line breaks inside its cells give its start.
			const breaks = record.reduce((sum, cell) => sum + (cell.split('\n').length - 1), 0);
			return { line: (ends[at] ?? at) - breaks + skipped, cells };
		});
	} catch (error) {
		if (!(error instanceof CsvError)) throw error;
		const line = Number(error['lines']);
		return { code: 'quotes', ...(Number.isFinite(line) && { line: line + skipped }) };
	}
}

/** Numbers are written as they are; text that a spreadsheet would run gets an apostrophe before it. */
export type CsvCell = string | number | boolean | null | undefined;

/** A table as the text of a file: UTF-8 with a byte order mark, commas, and nothing that a spreadsheet would run. */
export function writeCsv(rows: Iterable<readonly CsvCell[]>): string {
	let text = '\uFEFF';
	for (const row of rows) text += csvLine(row);
	return text;
}

/** One row with its line break, for files that are written in pieces. */
export function csvLine(cells: readonly CsvCell[]): string {
	return `${cells.map(written).join(',')}\r\n`;
}

function written(cell: CsvCell): string {
	if (cell === null || cell === undefined) return '';
	if (typeof cell !== 'string') return String(cell);
	const safe = formula.test(cell) ? `'${cell}` : cell;
	return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
