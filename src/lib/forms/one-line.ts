// Invisible characters that change the direction of the text around them or join it. Joiners and marks for one
// direction are part of ordinary writing.
const invisible = /[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]/gu;
const turning = /[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text as a single line: every control character, line break and run of spaces becomes one space. The database does
 * the same (private.one_line).
 */
export function oneLine(text: string): string {
	return text
		.replace(invisible, '')
		.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
		.trim();
}

/** A multi-line text without other control characters, and without characters that change the reading direction. */
export function severalLines(text: string): string {
	return text
		.replace(turning, '')
		.replace(/[\p{Zl}\p{Zp}]/gu, '\n')
		.replace(/(?![\t\n\r])\p{Cc}/gu, '')
		.trim();
}

/**
 * One of our texts as a single line of a file or a header: only line breaks and control characters are removed, our own
 * isolates around names stay.
 */
export function withoutBreaks(text: string): string {
	return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
