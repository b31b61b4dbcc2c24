/* Which rung of the ladder a line holds: down within seconds, up only after a long good time. No I/O. */
import { rungs, type Rung } from './wanted.ts';

/** What was seen of the line since the sample before. Shares are 0 to 1. */
export interface Sample {
	/** LiveKit's own judgement; null when it has none. */
	quality: 'good' | 'poor' | 'lost' | null;
	/** Packets that did not come. */
	loss: number;
	/** Sound that the browser had to make up. */
	concealed: number;
	/** Time in which a picture stood still. */
	frozen: number;
}

/** How a line does: it holds, it is not worth a change, it suffers, it breaks. */
export type Grade = 'good' | 'fair' | 'bad' | 'awful';

/** Where the automatic stands. Times in milliseconds. */
export interface Ladder {
	rung: Rung;
	/** For how long the line has suffered without a break. */
	suffered: number;
	/** For how long it has held. */
	held: number;
	/** For how long it must hold before the next rung up is tried. */
	patience: number;
	/** Since the last step down. */
	sinceFall: number;
	/** Since the last step up, as long as no step down has answered it; else null. */
	sinceClimb: number | null;
}

const second = 1000;
const fallAfter = 4 * second;
const shortest = 20 * second;
const longest = 600 * second;
const forgiven = 900 * second;
const failed = 300 * second;

/** The lowest rung that the automatic takes: below it nothing could be measured any more. */
const lowest: Rung = 'audio';

/** A line of which nothing is known yet. */
export function startLadder(rung: Rung): Ladder {
	return { rung, suffered: 0, held: 0, patience: shortest, sinceFall: 0, sinceClimb: null };
}

/** Judges one sample. */
export function gradeOf({ quality, loss, concealed, frozen }: Sample): Grade {
	if (quality === 'lost' || loss > 0.25 || concealed > 0.2) return 'awful';
	if (quality === 'poor' || loss > 0.08 || concealed > 0.05 || frozen > 0.3) return 'bad';
	return loss < 0.02 && concealed < 0.01 && frozen < 0.05 ? 'good' : 'fair';
}

/** The state after `elapsed` milliseconds of a line of this grade; never above `ceiling`. */
export function stepLadder(ladder: Ladder, grade: Grade, elapsed: number, ceiling: Rung = 'hd'): Ladder {
	const sinceFall = ladder.sinceFall + elapsed;
	const sinceClimb = ladder.sinceClimb === null ? null : ladder.sinceClimb + elapsed;
	// A line that has kept its rung for long is trusted again.
	const patience =
		sinceFall >= forgiven && ladder.sinceFall < forgiven ? Math.max(shortest, ladder.patience / 2) : ladder.patience;
	const kept = { ...ladder, patience, sinceFall, sinceClimb };
	if (grade === 'bad' || grade === 'awful') {
		const suffered = ladder.suffered + elapsed * (grade === 'awful' ? 2 : 1);
		if (suffered < fallAfter || isAtMost(ladder.rung, lowest)) return { ...kept, suffered, held: 0 };
		return {
			rung: moved(ladder.rung, 1),
			suffered: 0,
			held: 0,
			// Each try that failed makes the next one wait twice as long: a line at the edge of a rung does not swing.
			patience: sinceClimb !== null && sinceClimb < failed ? Math.min(longest, patience * 2) : patience,
			sinceFall: 0,
			sinceClimb: null
		};
	}
	const held = grade === 'good' ? ladder.held + elapsed : ladder.held;
	if (isAtMost(ceiling, ladder.rung)) return { ...kept, rung: ceiling, suffered: 0, held };
	if (held < patience) return { ...kept, suffered: 0, held };
	return { ...kept, rung: moved(ladder.rung, -1), suffered: 0, held: 0, sinceClimb: 0 };
}

/** Whether `rung` fetches no more than `other`. */
export function isAtMost(rung: Rung, other: Rung): boolean {
	return rungs.indexOf(rung) >= rungs.indexOf(other);
}

function moved(rung: Rung, by: number): Rung {
	return rungs[rungs.indexOf(rung) + by] ?? rung;
}

/** What the browser says of its line before anything was fetched. */
export interface Hints {
	saveData?: boolean | undefined;
	effectiveType?: string | undefined;
}

/** Where the automatic begins, and the most that it fetches: no faces for who asked to save data. */
export function boundsOf({ saveData, effectiveType }: Hints): { start: Rung; ceiling: Rung } {
	const ceiling = saveData ? 'slides' : 'hd';
	const slow = effectiveType === 'slow-2g' || effectiveType === '2g';
	const start = slow ? 'audio' : effectiveType === '3g' ? 'sd' : 'hd';
	return { start: isAtMost(start, ceiling) ? start : ceiling, ceiling };
}

/** What a reader chose by hand, or that the line decides. */
export type RungChoice = Rung | 'auto';

/** Reads a stored choice; anything else is the automatic. */
export function rungChoiceFrom(value: string | null): RungChoice {
	return rungs.find((rung) => rung === value) ?? 'auto';
}

/** Bytes in an hour at most, by the ceilings of what one speaker sends, and a screen; null where no media come. */
export const usualBytes: Record<Rung, number | null> = {
	hd: 800e6,
	sd: 250e6,
	slides: 110e6,
	audio: 50e6,
	captions: null
};
