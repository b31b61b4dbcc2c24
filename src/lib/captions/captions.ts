import type { CaptionLine, Captions } from '#lib/database/answers/captions.ts';

export type { CaptionLine, Captioning, Captions, EngineToken } from '#lib/database/answers/captions.ts';

/** The lines after one was written, corrected or (null) removed; the newest 300 are enough to scroll back. */
export function withLine(lines: readonly CaptionLine[], id: string, line: CaptionLine | null): CaptionLine[] {
	const others = lines.filter((one) => one.id !== id);
	if (line === null) return others;
	const at = others.findLastIndex((one) => one.number < line.number) + 1;
	return others.toSpliced(at, 0, line).slice(-300);
}

/** The languages of the captions, each once. */
export function captionLanguages({ languages }: Captions, lines: readonly CaptionLine[]): string[] {
	return [...new Set([...languages, ...lines.map(({ language }) => language)])].sort();
}

/** Reads a line from a live event; null for anything else. */
export function lineFrom(content: unknown): CaptionLine | null {
	if (typeof content !== 'object' || content === null) return null;
	const { id, language, number, words } = content as Partial<CaptionLine>;
	const whole = typeof id === 'string' && typeof language === 'string' && typeof number === 'number';
	return whole && typeof words === 'string' ? (content as CaptionLine) : null;
}
