import { createHash } from 'node:crypto';
import type { PageFragment } from '#lib/live/fragments.ts';

/** An agenda's page in pieces: what all share, and each entry as it looks when it is marked and when it is not. */
export interface Pieces {
	/** Of all of it. */
	print: string;
	list: (Buffer | { session: string; plain: Buffer; marked: Buffer })[];
}

const entry = /<!--~([0-9a-f-]{36})-->([\s\S]*?)<!--~-->/;

/** Cuts the two forms of a page, in which nothing and everything is marked. */
export function piecesOf(plain: string, marked: string): Pieces {
	// In turn: words that all share, a session's id, its entry.
	const [one, other] = [plain.split(entry), marked.split(entry)];
	if (one.length !== other.length) throw new Error('The two forms of the agenda do not fit each other.');
	const list: Pieces['list'] = [];
	for (let at = 0; at < one.length; at += 3) {
		list.push(Buffer.from(one[at] ?? ''));
		const session = one[at + 1];
		if (session !== undefined)
			list.push({ session, plain: Buffer.from(one[at + 2] ?? ''), marked: Buffer.from(other[at + 2] ?? '') });
	}
	return { print: createHash('sha256').update(plain).update(marked).digest('base64url'), list };
}

/** The page of somebody with these marks. */
export function joined({ print, list }: Pieces, marks: ReadonlySet<string>): PageFragment {
	const named = createHash('sha256').update(print);
	const bytes = list.map((piece) => {
		if (Buffer.isBuffer(piece)) return piece;
		if (!marks.has(piece.session)) return piece.plain;
		named.update(piece.session);
		return piece.marked;
	});
	return { bytes: Buffer.concat(bytes), tag: named.digest('base64url').slice(0, 22) };
}
