/** The content lines of an iCalendar file, each whole (RFC 5545, 3.1). */
export function unfold(file: string): string[] {
	return file.replaceAll(/\r\n[ \t]/g, '').split('\r\n');
}

/** A content line in parts of at most 75 octets; a character is never cut. */
export function fold(line: string): string {
	let octets = 0;
	let folded = '';
	for (const character of line) {
		const size = Buffer.byteLength(character);
		if (octets + size > 75) {
			folded += '\r\n ';
			octets = 1;
		}
		folded += character;
		octets += size;
	}
	return folded;
}

/** Text as a parameter's value: quoted, without what may not stand there. */
export function asParameter(value: string): string {
	return `"${value.replaceAll(/["\p{Cc}]/gu, ' ')}"`;
}
