/* Where a recording is cut, and what is cut off. No I/O. */
import { playbackTime, type CaptionCue, type Chapter } from './recording.ts';

/** The part of a recording that is kept, in milliseconds of its file. `until` is null at its end. */
export interface TrimSpan {
	from: number;
	until: number | null;
}

const form = /^(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?$/;
// Arabic and Persian digits.
const digits = (text: string) =>
	text.replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf)).replaceAll('٫', '.');

/** 1:02:05, 62:05, 125 or 0:30.5 in milliseconds; null for anything else. */
export function parsePosition(text: string): number | null {
	const found = form.exec(digits(text).trim());
	if (!found) return null;
	const [, hours = '0', minutes = '0', seconds = '0', rest = ''] = found;
	if (found[2] !== undefined && Number(seconds) > 59) return null;
	return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(rest.padEnd(3, '0'));
}

/** A position as it is typed: 1:02:05, with tenths of a second where it has some. */
export function positionText(milliseconds: number): string {
	const tenths = Math.floor((milliseconds % 1000) / 100);
	return `${playbackTime(milliseconds)}${tenths > 0 ? `.${tenths}` : ''}`;
}

// As the database decides: a line is written some seconds after it is spoken.
const captionDelay = 5000;
// Positions of chapters are whole seconds.
const second = 1000;

/**
 * What a trim cuts off: chapters that begin in it, and lines of captions that are not wholly in what is left, or may have
 * been spoken before it. A chapter of the second in which the file is to begin or end is listed.
 */
export function cutOff(
	{ from, until }: TrimSpan,
	chapters: readonly Chapter[],
	captions: Readonly<Record<string, readonly CaptionCue[]>>
): { chapters: Chapter[]; lines: number } {
	const isGone = (at: number) => at < from || (until !== null && at > until - second);
	const begins = from > 0 ? from + captionDelay : 0;
	return {
		// The beginning of the file is a chapter again.
		chapters: chapters.filter(({ at, kind }) => isGone(at) && !(at === 0 && kind === 'began')),
		lines: Object.values(captions)
			.flat()
			.filter(({ starts, ends }) => starts < begins || (until !== null && ends > until)).length
	};
}
