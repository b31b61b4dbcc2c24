// Not seen, and turn or join what is around them. Joiners and marks of one direction are part of how people write.
const invisible = /[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]/gu;
const turning = /[\u202a-\u202e\u2066-\u2069]/gu;

/** A text as one line: every control character, line break and run of spaces is one space. The database does the same (private.one_line). */
export function oneLine(text: string): string {
	return text
		.replace(invisible, '')
		.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
		.trim();
}

/** A text of several lines without other control characters, and without signs that turn the reading direction. */
export function severalLines(text: string): string {
	return text
		.replace(turning, '')
		.replace(/[\p{Zl}\p{Zp}]/gu, '\n')
		.replace(/(?![\t\n\r])\p{Cc}/gu, '')
		.trim();
}

/** A text of ours as one line of a file or a header: only breaks and control characters go, our own isolates around names stay. */
export function withoutBreaks(text: string): string {
	return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** Whether the database takes a text as one line (private.is_one_line). */
export function isOneLine(text: string): boolean {
	return !/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text);
}
