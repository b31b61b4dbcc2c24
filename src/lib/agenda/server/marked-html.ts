/* An agenda's HTML for any set of marked sessions, combined from two renderings. No I/O. */

/** The HTML that all readers share, and each entry in its unmarked and marked form. */
export type MarkedHtml = (string | { session: string; unmarked: string; marked: string })[];

const entry = /<!--entry:([0-9a-f-]{36})-->([\s\S]*?)<!--\/entry-->/;

/**
 * Splits two renderings of the same page, in which no session and every session is marked. Throws when they differ
 * elsewhere.
 */
export function splitEntries(unmarked: string, marked: string): MarkedHtml {
	// In turn: HTML between entries, the id of a session, its entry.
	const [one, other] = [unmarked.split(entry), marked.split(entry)];
	if (one.length !== other.length) throw new Error('The two renderings of the agenda have different entries.');
	const html: MarkedHtml = [];
	for (let at = 0; at < one.length; at += 3) {
		html.push(one[at] ?? '');
		const session = one[at + 1];
		if (session) html.push({ session, unmarked: one[at + 2] ?? '', marked: other[at + 2] ?? '' });
	}
	return html;
}

/** The HTML for a reader who marked these sessions. */
export function joinEntries(html: MarkedHtml, marks: ReadonlySet<string>): string {
	return html
		.map((part) => (typeof part === 'string' ? part : marks.has(part.session) ? part.marked : part.unmarked))
		.join('');
}
