import type { VttCue } from '#lib/database/answers/captions.ts';

export type { VttCue } from '#lib/database/answers/captions.ts';

/** Milliseconds as WebVTT writes them: 01:02:03.456. */
function vttTime(milliseconds: number): string {
	const whole = Math.max(0, Math.round(milliseconds));
	const part = (size: number, count: number, digits: number) =>
		String(Math.floor(whole / size) % count).padStart(digits, '0');
	return `${part(3_600_000, 1000, 2)}:${part(60_000, 60, 2)}:${part(1000, 60, 2)}.${part(1, 1000, 3)}`;
}

// Escapes what WebVTT reads as markup: the shown line must equal the written line.
function escaped(words: string): string {
	return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

// A shorter cue is gone before it can be read.
const shortest = 1500;

/** A WebVTT file (https://www.w3.org/TR/webvtt1/) of a transcript in one language. */
export function vttFrom(cues: readonly VttCue[], language: string): string {
	const blocks = cues.map(
		({ starts, ends, words }, index) =>
			`${index + 1}\n${vttTime(starts)} --> ${vttTime(Math.max(ends, starts + shortest))}\n${escaped(words)}\n`
	);
	return [`WEBVTT\nLanguage: ${language}\n`, ...blocks].join('\n');
}
