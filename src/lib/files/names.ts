// Characters that end a line, move the cursor, or change the text direction: they would show another name than the file's.
// Two of this kind join letters, and stay.
const hidden = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const separators = /[/\\]/;
const most = 200;

/**
 * A file's name as it may be shown and sent: the last part of a path, without invisible characters, with the extension of its real type, at
 * most 200 characters. Text only: nothing is ever stored under it.
 */
export function plainName(given: string, extension: string): string {
	const last = given.normalize('NFC').split(separators).at(-1) ?? '';
	const plain = last.replace(hidden, '').replace(/\s+/g, ' ').trim();
	const dot = plain.lastIndexOf('.');
	const own = dot < 0 ? '' : plain.slice(dot + 1).toLowerCase();
	const known = own === '' || own === extension || (own === 'jpeg' && extension === 'jpg');
	const stem = known && dot >= 0 ? plain.slice(0, dot) : plain;
	const name = stem.replace(/^[.\s]+|[.\s]+$/g, '') || 'file';
	return `${truncate(name, most - extension.length - 1)}.${extension}`;
}

// By code points: half a letter is invalid.
function truncate(text: string, length: number): string {
	let result = '';
	for (const letter of text) {
		if (result.length + letter.length > length) break;
		result += letter;
	}
	return result.trimEnd();
}

/** The file name in an answer (RFC 6266): plain for old clients, and in full. Never shown inside our pages. */
export function dispositionOf(name: string): string {
	const plain = name
		.normalize('NFKD')
		.replace(/[^\x20-\x7e]/g, '')
		.replace(/["\\%;]/g, '_')
		.trim();
	const exact = encodeURIComponent(name).replace(
		/['()*]/g,
		(sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
	);
	return `attachment; filename="${plain.startsWith('.') || plain === '' ? `file${plain}` : plain}"; filename*=UTF-8''${exact}`;
}
