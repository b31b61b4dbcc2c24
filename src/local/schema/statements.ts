/* SQL files taken apart into statements, with the comments above each. */

/** One statement of a schema file, without its semicolon. */
export interface Statement {
	/** The comment lines directly above it. */
	comment: string;
	sql: string;
	file: string;
	line: number;
}

const dollarQuote = /\$[A-Za-z_]*\$/y;

/** Splits a file into statements. Comments that a blank line separates from the next statement belong to the file, not to it. */
export function splitStatements(text: string, file: string): Statement[] {
	const found: Statement[] = [];
	let above = 0;
	let start: number | undefined;
	for (let at = 0; at < text.length;) {
		const end = endOfToken(text, at);
		const isCode = end > at + 1 || !/\s/.test(text[at] ?? '');
		if (text.startsWith('--', at)) {
			at = end;
			continue;
		}
		if (text[at] === ';' && start !== undefined) {
			found.push({
				comment: commentAbove(text.slice(above, start)),
				sql: text.slice(start, at),
				file,
				line: text.slice(0, start).split('\n').length
			});
			start = undefined;
			above = at + 1;
		} else if (isCode) start ??= at;
		at = end;
	}
	if (start !== undefined) throw new Error(`${file}: the last statement does not end with a semicolon.`);
	return found;
}

// Where a comment, a quoted text or one plain character that begins at `at` ends.
function endOfToken(text: string, at: number): number {
	if (text.startsWith('--', at)) return endOr(text, text.indexOf('\n', at));
	if (text[at] === "'" || text[at] === '"') return endOr(text, text.indexOf(text[at] ?? '', at + 1)) + 1;
	dollarQuote.lastIndex = at;
	const [quote] = /[\w$]/.test(text[at - 1] ?? '') ? [] : (dollarQuote.exec(text) ?? []);
	return quote ? endOr(text, text.indexOf(quote, at + quote.length)) + quote.length : at + 1;
}

function endOr(text: string, index: number): number {
	return index < 0 ? text.length : index;
}

function commentAbove(text: string): string {
	const block = text.split(/\n[ \t]*\n/).at(-1) ?? '';
	return block
		.split('\n')
		.filter((line) => line.startsWith('--'))
		.join('\n');
}

/** The statement on one line, without comments, in lower case. */
export function flatten(sql: string): string {
	return sql
		.replaceAll(/--[^\n]*/g, '')
		.replaceAll(/\s+/g, ' ')
		.trim()
		.toLowerCase();
}
