/* The few marks of a page's texts: headings, lists, strong words and links. Everything else is plain text; HTML is never read. No I/O. */

/** A run of words in a line. */
export type Inline =
	{ kind: 'text' | 'strong'; text: string } | { kind: 'link'; text: string; href: string; isExternal: boolean };

/** A part of a text. */
export type Formatted =
	| { kind: 'heading'; level: 2 | 3; line: Inline[] }
	| { kind: 'paragraph'; lines: Inline[][] }
	| { kind: 'list'; isOrdered: boolean; items: Inline[][] };

/** Whether a link leads to a page of the site, another site, an address or a number (private.is_page_link says the same). */
export function isPageLink(to: string): boolean {
	if (to.length > 500 || /[\s\p{Cc}<>"\\]/u.test(to)) return false;
	return /^(?:https?:\/\/[^/@]+(?:[/?#]|$)|mailto:[^@]+@[^@]+$|tel:[+0-9().-]+$|\/(?:[^/]|$))/i.test(to);
}

const marks = /\*\*(?<strong>[^*\n]+)\*\*|\[(?<label>[^[\]\n]+)\]\((?<to>[^()\s]+)\)/gu;

/** The words of a line with its marks. A link that leads nowhere safe stays as it was written. */
export function inlines(line: string): Inline[] {
	const found: Inline[] = [];
	let at = 0;
	for (const match of line.matchAll(marks)) {
		const { strong, label, to } = match.groups ?? {};
		if (strong === undefined && !isPageLink(to ?? '')) continue;
		if (match.index > at) found.push({ kind: 'text', text: line.slice(at, match.index) });
		found.push(
			strong === undefined
				? { kind: 'link', text: label ?? '', href: to ?? '', isExternal: !(to ?? '').startsWith('/') }
				: { kind: 'strong', text: strong }
		);
		at = match.index + match[0].length;
	}
	if (at < line.length) found.push({ kind: 'text', text: line.slice(at) });
	return found;
}

/** The links of a text that are none: they would be shown as they were written. */
export function wrongLinks(text: string): string[] {
	return [...text.matchAll(marks)].flatMap(({ groups: { to } = {} }) => (to && !isPageLink(to) ? [to] : []));
}

const heading = /^(#{1,3})\s+(.+)$/u;
const bullet = /^\s*[-*•]\s+(.+)$/u;
const numbered = /^\s*\d{1,3}[.)]\s+(.+)$/u;

/** The parts of a text in order. A line that begins with a mark begins a part of its own; an empty line ends one. */
export function formatted(text: string): Formatted[] {
	const parts: Formatted[] = [];
	let isOpen = false;
	for (const line of text.split(/\r\n|\r|\n/u)) {
		const title = heading.exec(line.trim());
		const item = bullet.exec(line) ?? numbered.exec(line);
		const last = isOpen ? parts.at(-1) : undefined;
		isOpen = line.trim() !== '' && !title;
		if (title) parts.push({ kind: 'heading', level: title[1] === '###' ? 3 : 2, line: inlines(title[2] ?? '') });
		else if (item) addItem(parts, last, numbered.test(line) && !bullet.test(line), inlines(item[1] ?? ''));
		else if (isOpen) addLine(parts, last, inlines(line.trim()));
	}
	return parts;
}

function addItem(parts: Formatted[], last: Formatted | undefined, isOrdered: boolean, item: Inline[]): void {
	if (last?.kind === 'list' && last.isOrdered === isOrdered) last.items.push(item);
	else parts.push({ kind: 'list', isOrdered, items: [item] });
}

function addLine(parts: Formatted[], last: Formatted | undefined, line: Inline[]): void {
	if (last?.kind === 'paragraph') last.lines.push(line);
	else parts.push({ kind: 'paragraph', lines: [line] });
}

/** The text without its marks, for previews and descriptions. */
export function plainText(text: string): string {
	const wordsOf = (line: Inline[]) => line.map((run) => run.text).join('');
	return formatted(text)
		.map((part) =>
			part.kind === 'heading'
				? wordsOf(part.line)
				: (part.kind === 'list' ? part.items : part.lines).map(wordsOf).join(' ')
		)
		.join(' ');
}
