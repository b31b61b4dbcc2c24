import { escape } from 'ical-generator';
import { withoutBreaks } from '#lib/forms/one-line.ts';

/** The content lines of an iCalendar file, each whole (RFC 5545, 3.1). */
export function unfoldLines(file: string): string[] {
	return file.replaceAll(/\r\n[ \t]/g, '').split('\r\n');
}

/** A content line folded into parts of at most 75 octets, without splitting a character. */
export function foldLine(line: string): string {
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

/** Text as a parameter's value: quoted, without forbidden characters. */
export function asParameter(value: string): string {
	return `"${withoutBreaks(value.replaceAll('"', ' '))}"`;
}

/** One-line text as the value of a property that the library writes without escaping. */
export function asValue(text: string): string {
	return escape(withoutBreaks(text), false);
}

/** An address as a value: a blank or a control character in it would end it, or the line. */
export function asAddress(address: string): string {
	return withoutBreaks(address).replaceAll(' ', '%20');
}

/** A content line without characters that iCalendar forbids: control characters other than a tab (RFC 5545, 3.1). */
export function withoutControls(line: string): string {
	return line.replaceAll(/(?!\t)\p{Cc}/gu, '');
}
