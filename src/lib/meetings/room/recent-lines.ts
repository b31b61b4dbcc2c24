import type { CaptionLine } from '#lib/captions/captions.ts';

const kept = 10 * 60 * 1000;

/** The lines of the last ten minutes, as the server keeps them. `opened`: when their times begin; both in its milliseconds. */
export function recentLines(lines: readonly CaptionLine[], opened: number, now: number): CaptionLine[] {
	return lines.filter(({ starts }) => opened + starts > now - kept);
}
