/*
 * Disables the active content of a PDF: scripts, programs to launch, forms to send, embedded files. The names that trigger it are
 * overwritten, letter for letter, by meaningless names, so that every object keeps its position. Links to pages and sites stay. Pure.
 */
import { deflateSync, inflateSync } from 'node:zlib';

/** Bytes to write at a position of the file. */
interface Patch {
	at: number;
	bytes: Uint8Array;
}

const acting = new Set([
	'AA',
	'EF',
	'EmbeddedFiles',
	'FileAttachment',
	'GoToE',
	'GoToR',
	'ImportData',
	'JS',
	'JavaScript',
	'Launch',
	'Movie',
	'OpenAction',
	'Rendition',
	'RichMedia',
	'Sound',
	'SubmitForm',
	'XFA'
]);

const mostUnpacked = 50_000_000;
const mostTokens = 2_000_000;
const space = (byte: number | undefined) =>
	byte !== undefined && (byte === 32 || (byte >= 9 && byte <= 13) || byte === 0);
const digit = (byte: number | undefined) => byte !== undefined && byte >= 48 && byte <= 57;
const delimiters = new Set([...'()<>[]{}/%'].map((sign) => sign.charCodeAt(0)));
const ends = (byte: number | undefined) => byte === undefined || space(byte) || delimiters.has(byte);

/** The file contains active content that cannot be disabled in place. */
class Unreadable extends Error {}

// An object that a PDF reader would find only by its offset: within a stream, a text or a comment.
function refuseHidden(bytes: Buffer, from: number, to: number): void {
	for (let at = bytes.indexOf('obj', from, 'latin1'); at >= 0 && at < to; at = bytes.indexOf('obj', at + 3, 'latin1')) {
		let before = at - 1;
		const skip = (is: (byte: number | undefined) => boolean) => {
			const start = before;
			while (before >= from && is(bytes[before])) before -= 1;
			return before < start;
		};
		// "7 0 obj"; a reader may accept it without the space before the word.
		skip(space);
		if (skip(digit) && skip(space) && skip(digit)) throw new Unreadable();
	}
}

function endOfText(bytes: Buffer, start: number): number {
	let depth = 0;
	for (let at = start; at < bytes.length; at += 1) {
		const byte = bytes[at];
		if (byte === 0x5c) at += 1;
		else if (byte === 0x28) depth += 1;
		else if (byte === 0x29 && --depth === 0) return at + 1;
	}
	throw new Unreadable();
}

function endOfStream(bytes: Buffer, start: number, dictionary: string): number {
	const stated = /\/Length (\d+) (?!\d+ R )/.exec(dictionary)?.[1];
	if (stated !== undefined) {
		const end = start + Number(stated);
		if (/^\s*endstream/.test(bytes.toString('latin1', end, end + 12))) return end;
	}
	const end = bytes.indexOf('endstream', start, 'latin1');
	if (end < 0) throw new Unreadable();
	return end;
}

/** A compressed stream of objects: its active content is overwritten, and it is compressed again to the same length. */
function disarmPacked(bytes: Buffer, start: number, end: number, dictionary: string, patches: Patch[]): void {
	const filter = /\/Filter (?:\[ )?(\S+) (?:\] )?/.exec(dictionary)?.[1];
	const isPlain = filter === undefined;
	if (
		(!isPlain && !/\/Filter (?:\/FlateDecode|\[ \/FlateDecode \]) /.test(dictionary)) ||
		/\/Predictor /.test(dictionary)
	)
		throw new Unreadable();
	const packed = bytes.subarray(start, end);
	let inside: Buffer;
	try {
		inside = isPlain ? Buffer.from(packed) : inflateSync(packed, { maxOutputLength: mostUnpacked });
	} catch {
		// It is broken or encrypted.
		throw new Unreadable();
	}
	const found: Patch[] = [];
	scan(inside, found, true);
	if (found.length === 0) return;
	for (const patch of found) inside.set(patch.bytes, patch.at);
	const again = isPlain ? inside : deflateSync(inside, { level: 9, memLevel: 9 });
	if (again.length > packed.length) throw new Unreadable();
	// Nothing reads the bytes after the end of compressed data.
	patches.push({ at: start, bytes: Buffer.concat([again, Buffer.alloc(packed.length - again.length)]) });
}

const decoded = (name: string) =>
	name.replace(/#([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

function scan(bytes: Buffer, patches: Patch[], isPacked = false): void {
	// The tokens of the present object, to recognise a stream by its dictionary. Compressed objects contain none.
	let tokens: string[] = [];
	for (let at = 0; at < bytes.length;) {
		const byte = bytes[at];
		const start = at;
		if (space(byte)) at += 1;
		else if (byte === 0x25) {
			while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at += 1;
			refuseHidden(bytes, start, at);
		} else if (byte === 0x28) {
			at = endOfText(bytes, at);
			refuseHidden(bytes, start, at);
		} else if (byte === 0x3c && bytes[at + 1] !== 0x3c) {
			const end = bytes.indexOf(0x3e, at);
			if (end < 0) throw new Unreadable();
			at = end + 1;
			refuseHidden(bytes, start, at);
		} else if (byte === 0x2f) {
			at += 1;
			while (!ends(bytes[at])) at += 1;
			const name = decoded(bytes.toString('latin1', start + 1, at));
			if (acting.has(name)) patches.push({ at: start + 1, bytes: Buffer.alloc(at - start - 1, 'X') });
			if (!isPacked) tokens.push(`/${name}`);
		} else if (byte !== undefined && delimiters.has(byte)) {
			// "<<" starts no hexadecimal text.
			at += byte === 0x3c ? 2 : 1;
			if (!isPacked) tokens.push(String.fromCharCode(byte));
		} else {
			while (!ends(bytes[at])) at += 1;
			const word = bytes.toString('latin1', start, at);
			if (isPacked) continue;
			if (word === 'stream') at = passStream(bytes, at, `${tokens.join(' ')} `, patches);
			// The end of an object starts the tokens of the next one.
			if (/obj$|^stream$/.test(word)) tokens = [];
			else if (tokens.push(word) > mostTokens) throw new Unreadable();
		}
	}
}

function passStream(bytes: Buffer, from: number, dictionary: string, patches: Patch[]): number {
	const start = from + (bytes[from] === 13 && bytes[from + 1] === 10 ? 2 : 1);
	const end = endOfStream(bytes, start, dictionary);
	refuseHidden(bytes, start, end);
	// Some readers recognise it by these two entries alone.
	const holdsObjects = /\/ObjStm /.test(dictionary) || (/\/First /.test(dictionary) && /\/N /.test(dictionary));
	if (holdsObjects) disarmPacked(bytes, start, end, dictionary, patches);
	return end;
}

/** What to overwrite in a PDF so that nothing in it is active, [] when nothing is; null when it cannot be done, as in an encrypted one. */
export function disarmPdf(bytes: Buffer): Patch[] | null {
	const patches: Patch[] = [];
	try {
		scan(bytes, patches);
		return patches;
	} catch (error) {
		if (error instanceof Unreadable) return null;
		throw error;
	}
}
