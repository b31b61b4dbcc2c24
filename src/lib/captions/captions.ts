import type { StageFlow } from '#lib/stage/flow.ts';
import type { OnStage, StageRoom, StageRun, StageSession } from '#lib/stage/stage.ts';

/** One line of captions. Times in milliseconds since the run began. */
export interface CaptionLine {
	id: string;
	language: string;
	number: number;
	starts: number;
	ends: number;
	words: string;
	/** An engine may send half a line first. */
	is_final: boolean;
	is_corrected: boolean;
}

/** `read_captions`: the last minutes of the present run in a room. */
export interface Captions {
	languages: string[];
	lines: CaptionLine[];
	/** The reader may write them. */
	may_write: boolean;
}

/** `read_caption_editor`: the page of a captioner in one language. */
export interface Captioning {
	run: StageRun;
	session: StageSession;
	room: StageRoom;
	language: string;
	lines: CaptionLine[];
	on_stage: OnStage[];
	flow: StageFlow;
	/** Whether the level allows a transcript. */
	is_kept: boolean;
}

/** An engine's key, as those who run the stage see it. */
export interface EngineToken {
	id: string;
	language: string;
	created_at: string;
}

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
