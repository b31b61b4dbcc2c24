/* Reads the text of a backup, section by section, without holding more than a piece of it. */
import { lastLine } from './dump.ts';

/** The rows of one table, or the place of one sequence. */
export type ScriptSection =
	| { kind: 'table'; name: string; columns: string[]; rows: AsyncGenerator<Buffer> }
	| { kind: 'sequence'; name: string; value: string; called: boolean };

const end = Buffer.from('\n\\.\n');
const longestLine = 1 << 20;

/** The sections, in order; the rows of one are to be read before the next. Throws when the text is not whole. */
export async function* readSections(source: AsyncIterable<Uint8Array>): AsyncGenerator<ScriptSection> {
	const input = source[Symbol.asyncIterator]();
	let held: Buffer = Buffer.alloc(0);

	async function more(): Promise<boolean> {
		const { value, done } = (await input.next()) as IteratorResult<Uint8Array, undefined>;
		if (done) return false;
		held = held.length === 0 ? Buffer.from(value) : Buffer.concat([held, value]);
		return true;
	}

	async function line(): Promise<string | null> {
		for (;;) {
			const at = held.indexOf(10);
			if (at >= 0) {
				const text = held.toString('utf8', 0, at);
				held = held.subarray(at + 1);
				return text;
			}
			if (held.length > longestLine || !(await more())) return null;
		}
	}

	// COPY writes every backslash of a value as two, so that this line ends the rows and is never one of them.
	async function* rows(): AsyncGenerator<Buffer> {
		while (held.length < 3) if (!(await more())) throw new Error(cut);
		if (held.subarray(0, 3).equals(end.subarray(1))) {
			held = held.subarray(3);
			return;
		}
		for (;;) {
			const at = held.indexOf(end);
			if (at >= 0) {
				const last = held.subarray(0, at + 1);
				held = held.subarray(at + end.length);
				yield last;
				return;
			}
			const kept = Math.min(end.length - 1, held.length);
			if (held.length > kept) yield held.subarray(0, held.length - kept);
			held = held.subarray(held.length - kept);
			if (!(await more())) throw new Error(cut);
		}
	}

	for (;;) {
		const text = await line();
		if (text === null) throw new Error(cut);
		if (text === lastLine) return;
		if (text === '' || text.startsWith('--') || text.startsWith('SET ')) continue;
		yield sectionOf(text, rows);
	}
}

const cut = 'The text of the database ends in the middle.';

function sectionOf(text: string, rows: () => AsyncGenerator<Buffer>): ScriptSection {
	const [, table, columns] = /^COPY (\S+) \((.*)\) FROM stdin;$/.exec(text) ?? [];
	if (table && columns !== undefined) return { kind: 'table', name: table, columns: columns.split(', '), rows: rows() };
	const [, name, value, called] = /^SELECT pg_catalog\.setval\('(.+)', (\d+), (true|false)\);$/.exec(text) ?? [];
	if (name && value) return { kind: 'sequence', name: name.replaceAll("''", "'"), value, called: called === 'true' };
	throw new Error('The text of the database has a line that no backup has.');
}
