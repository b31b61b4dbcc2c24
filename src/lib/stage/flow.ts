import type { ShownSlides } from '#lib/database/answers/stage/stage.ts';

export type { SessionClock, ShownSlides, SlidesState, StageFlow } from '#lib/database/answers/stage/stage.ts';

export const stageLayouts = ['speaker', 'panel', 'slides'] as const;
/** What is large: the speaker, nobody, or the slides. */
export type StageLayout = (typeof stageLayouts)[number];

export const entryLocks = ['registered', 'people'] as const;
export type EntryLock = (typeof entryLocks)[number];

/** Reads the slides from a live event of a run; null for none. */
export function slidesFrom(content: unknown): ShownSlides | null {
	if (typeof content !== 'object' || content === null) return null;
	const { version, page, pages } = content as Record<string, unknown>;
	return typeof version === 'string' && typeof page === 'number' && typeof pages === 'number'
		? { version, page, pages }
		: null;
}

/** Whole seconds until a moment by the server's clock, never negative; `ahead`: how far the reader's clock is ahead of it, in ms. */
export function secondsUntil(moment: string, now: number, ahead: number): number {
	return Math.max(0, Math.ceil((Date.parse(moment) - (now - ahead)) / 1000));
}

/** Seconds as a clock time: 1:05, or 1:00:05. */
export function asClock(seconds: number): string {
	const two = (value: number) => String(value).padStart(2, '0');
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Minutes to the planned end, negative after it. The present minute counts as left. */
export function minutesLeft(endsAt: string, now: number): number {
	const left = (Date.parse(endsAt) - now) / 60_000;
	return left > 0 ? Math.ceil(left) : Math.ceil(left) || 0;
}
