import { escape } from 'ical-generator';
import { withoutBreaks } from '#lib/forms/one-line.ts';

/** The content lines of an iCalendar file, each whole (RFC 5545, 3.1). */
export function unfoldLines(file: string): string[] {
	return file.replaceAll(/\r\n[ \t]/g, '').split('\r\n');
}

/** A content line in parts of at most 75 octets; a character is never cut. */
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

/** Text as a parameter's value: quoted, without what may not be in it. */
export function asParameter(value: string): string {
	return `"${withoutBreaks(value.replaceAll('"', ' '))}"`;
}

/** Text of one line as the value of a property, for those that the library writes as they are given. */
export function asValue(text: string): string {
	return escape(withoutBreaks(text), false);
}

/** An address as a value: a blank or a control character in it would end it, or the line. */
export function asAddress(address: string): string {
	return withoutBreaks(address).replaceAll(' ', '%20');
}

/** A content line without what no iCalendar reader takes: control characters other than a tab (RFC 5545, 3.1). */
export function withoutControls(line: string): string {
	return line.replaceAll(/(?!\t)\p{Cc}/gu, '');
}
