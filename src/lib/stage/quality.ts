/* Which quality level a connection holds: down within seconds, up only after a long good time. No I/O. */
import { qualityLevels, type QualityLevel } from './receive-settings.ts';

/** The measurements of the connection since the previous sample. Shares are 0 to 1. */
export interface Sample {
	/** LiveKit's own rating; null when it has none. */
	quality: 'good' | 'poor' | 'lost' | null;
	/** Lost packets. */
	loss: number;
	/** Audio that the browser had to conceal. */
	concealed: number;
	/** Time in which a video was frozen. */
	frozen: number;
}

/** The grade of a connection: it holds, it is not worth a change, it suffers, it breaks. */
export type Grade = 'good' | 'fair' | 'bad' | 'awful';

/** The state of the automatic choice. Times in milliseconds. */
export interface QualityState {
	level: QualityLevel;
	/** For how long the connection has suffered without a break. */
	suffered: number;
	/** For how long it has held. */
	held: number;
	/** For how long it must hold before the next level up is tried. */
	waitMs: number;
	/** Since the last step down. */
	sinceFall: number;
	/** Since the last step up, while no step down has followed it; else null. */
	sinceClimb: number | null;
}

const second = 1000;
const fallAfter = 4 * second;
const shortest = 20 * second;
const longest = 600 * second;
const forgiven = 900 * second;
const failed = 300 * second;

/** The lowest level of the automatic choice: below it nothing could be measured any more. */
const lowest: QualityLevel = 'audio';

/** A connection without measurements. */
export function startQuality(level: QualityLevel): QualityState {
	return { level: level, suffered: 0, held: 0, waitMs: shortest, sinceFall: 0, sinceClimb: null };
}

/** Grades one sample. */
export function gradeOf({ quality, loss, concealed, frozen }: Sample): Grade {
	if (quality === 'lost' || loss > 0.25 || concealed > 0.2) return 'awful';
	if (quality === 'poor' || loss > 0.08 || concealed > 0.05 || frozen > 0.3) return 'bad';
	return loss < 0.02 && concealed < 0.01 && frozen < 0.05 ? 'good' : 'fair';
}

/** The state after `elapsed` milliseconds of a connection of this grade; never above `ceiling`. */
export function stepQuality(
	state: QualityState,
	grade: Grade,
	elapsed: number,
	ceiling: QualityLevel = 'hd'
): QualityState {
	const sinceFall = state.sinceFall + elapsed;
	const sinceClimb = state.sinceClimb === null ? null : state.sinceClimb + elapsed;
	// A connection that has kept its level for long is trusted again.
	const waitMs =
		sinceFall >= forgiven && state.sinceFall < forgiven ? Math.max(shortest, state.waitMs / 2) : state.waitMs;
	const base = { ...state, waitMs, sinceFall, sinceClimb };
	if (grade === 'bad' || grade === 'awful') {
		const suffered = state.suffered + elapsed * (grade === 'awful' ? 2 : 1);
		if (suffered < fallAfter || isAtMost(state.level, lowest)) return { ...base, suffered, held: 0 };
		return {
			level: moved(state.level, 1),
			suffered: 0,
			held: 0,
			// Each failed step up doubles the wait before the next one: a connection at the edge of a level does not swing.
			waitMs: sinceClimb !== null && sinceClimb < failed ? Math.min(longest, waitMs * 2) : waitMs,
			sinceFall: 0,
			sinceClimb: null
		};
	}
	const held = grade === 'good' ? state.held + elapsed : state.held;
	if (isAtMost(ceiling, state.level)) return { ...base, level: ceiling, suffered: 0, held };
	if (held < waitMs) return { ...base, suffered: 0, held };
	return { ...base, level: moved(state.level, -1), suffered: 0, held: 0, sinceClimb: 0 };
}

/** Whether `level` receives no more than `other`. */
export function isAtMost(level: QualityLevel, other: QualityLevel): boolean {
	return qualityLevels.indexOf(level) >= qualityLevels.indexOf(other);
}

function moved(level: QualityLevel, by: number): QualityLevel {
	return qualityLevels[qualityLevels.indexOf(level) + by] ?? level;
}

/** The browser's hints about its connection before anything was loaded. */
interface Hints {
	saveData?: boolean | undefined;
	effectiveType?: string | undefined;
}

/** The first and the highest level of the automatic choice: no faces with data saver on. */
export function boundsOf({ saveData, effectiveType }: Hints): { start: QualityLevel; ceiling: QualityLevel } {
	const ceiling = saveData ? 'slides' : 'hd';
	const slow = effectiveType === 'slow-2g' || effectiveType === '2g';
	const start = slow ? 'audio' : effectiveType === '3g' ? 'sd' : 'hd';
	return { start: isAtMost(start, ceiling) ? start : ceiling, ceiling };
}

/** A level that the reader chose, or the automatic choice. */
export type QualityChoice = QualityLevel | 'auto';

/** Reads a stored choice; anything else is the automatic choice. */
export function parseQualityChoice(value: string | null): QualityChoice {
	return qualityLevels.find((level) => level === value) ?? 'auto';
}

/** Maximum bytes per hour, by the bitrate limits of one speaker and a screen; null without media. */
export const usualBytes: Record<QualityLevel, number | null> = {
	hd: 800e6,
	sd: 250e6,
	slides: 110e6,
	audio: 50e6,
	captions: null
};
