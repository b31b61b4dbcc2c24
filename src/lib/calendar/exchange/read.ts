import { exchangeLimit, exchangeRefusal, type ExchangeAnswer } from './file.ts';
import { plainFile } from './plain.ts';
import { readJsonSchedule } from './read-json.ts';
import { readTableSchedule } from './read-table.ts';
import { readXmlSchedule } from './read-xml.ts';

// Encodings that old exports name. Any other must be UTF-8.
const encodings = /^(utf-?8|utf-?16(le|be)?|us-ascii|iso-8859-(1|15)|windows-1252)$/i;

const startsWith = (bytes: Uint8Array, ...signs: number[]) => signs.every((sign, at) => bytes[at] === sign);

function isPacked(bytes: Uint8Array): boolean {
	return (
		startsWith(bytes, 0x1f, 0x8b) ||
		startsWith(bytes, 0x50, 0x4b, 0x03, 0x04) ||
		startsWith(bytes, 0x42, 0x5a, 0x68) ||
		startsWith(bytes, 0xfd, 0x37, 0x7a, 0x58, 0x5a) ||
		startsWith(bytes, 0x28, 0xb5, 0x2f, 0xfd)
	);
}

function encodingOf(bytes: Uint8Array): string {
	if (startsWith(bytes, 0xff, 0xfe)) return 'utf-16le';
	if (startsWith(bytes, 0xfe, 0xff)) return 'utf-16be';
	const head = String.fromCharCode(...bytes.subarray(0, 200));
	const named = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*?encoding\s*=\s*["']([^"']{1,40})["']/.exec(head)?.[1] ?? 'utf-8';
	// A single-byte file cannot be in the encoding that it states.
	return /^utf-?16/i.test(named) ? 'utf-8' : named;
}

/** Reads an agenda from the bytes of a file: XML, JSON or a table, detected by its content and not by its name. */
export function readExchange(bytes: Uint8Array, zone: string): ExchangeAnswer {
	const answer = readBytes(bytes, zone);
	return answer.ok ? { ok: true, file: plainFile(answer.file) } : answer;
}

function readBytes(bytes: Uint8Array, zone: string): ExchangeAnswer {
	if (bytes.byteLength > exchangeLimit.bytes) return exchangeRefusal('too_large');
	if (isPacked(bytes)) return exchangeRefusal('compressed');
	const encoding = encodingOf(bytes);
	const head = new TextDecoder(/^utf-16/.test(encoding) ? encoding : 'utf-8')
		.decode(bytes.subarray(0, 400))
		.replace(/^\ufeff/, '')
		.trimStart();
	if (head === '') return exchangeRefusal('empty');
	if (!head.startsWith('<') && !head.startsWith('{') && !head.startsWith('[')) return readTableSchedule(bytes, zone);
	if (!encodings.test(encoding)) return exchangeRefusal('encoding', { detail: encoding });
	let text: string;
	try {
		text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
	} catch {
		return exchangeRefusal('encoding', { detail: encoding });
	}
	return head.startsWith('<') ? readXmlSchedule(text.trimStart(), zone) : readJsonSchedule(text, zone);
}
