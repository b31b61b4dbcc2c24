import type { CsvTable } from '#lib/files/csv.ts';
import { oneLine } from '#lib/forms/one-line.ts';
import { columnKey } from './kinds.ts';

/** The cells of a row by the names of their columns. Of columns that share a name all are kept, in order. */
export interface TableRow {
	line: number;
	/** The first cell that is not empty among the columns of these names, on one line. */
	cell: (...names: string[]) => string;
	/** The same with its line breaks. */
	lines: (...names: string[]) => string;
	/** The cells of these columns that nobody knows, by the column's own name. */
	others: (known: ReadonlySet<string>) => Record<string, string>;
}

/** The rows of a table, read by the names of columns. */
export function tableRows({ header, rows }: CsvTable): TableRow[] {
	const keys = header.map(columnKey);
	const places = new Map<string, number[]>();
	for (const [at, key] of keys.entries()) places.set(key, [...(places.get(key) ?? []), at]);
	return rows.map(({ line, cells }) => {
		const lines = (...names: string[]) => {
			for (const at of names.flatMap((name) => places.get(name) ?? [])) {
				const text = cells[at];
				if (text) return text;
			}
			return '';
		};
		const others = (known: ReadonlySet<string>) =>
			Object.fromEntries(
				header.flatMap((name, at) => {
					const text = cells[at] ?? '';
					return text !== '' && name !== '' && !known.has(keys[at] ?? '') ? [[oneLine(name), text] as const] : [];
				})
			);
		return { line, lines, cell: (...names: string[]) => oneLine(lines(...names)), others };
	});
}

/** The names of the columns that nobody knows. */
export const unknownColumns = ({ header }: CsvTable, known: ReadonlySet<string>): string[] => [
	...new Set(header.filter((name) => name !== '' && !known.has(columnKey(name))).map(oneLine))
];
