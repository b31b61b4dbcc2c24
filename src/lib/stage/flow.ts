import type { TextMap } from '#lib/i18n/locale.ts';

export const layouts = ['speaker', 'panel', 'slides'] as const;
/** What stands large: who speaks, nobody, or the slides. */
export type StageLayout = (typeof layouts)[number];

export const entryLocks = ['registered', 'people'] as const;
export type EntryLock = (typeof entryLocks)[number];

/** How a run goes on; times as ISO. */
export interface StageFlow {
	/** The server's time when this was read: a reader's own clock may be wrong. */
	now: string;
	layout: StageLayout;
	/** The identity of whom the hosts show large. */
	spotlight: string | null;
	/** The poll that hall and home are shown. */
	poll: string | null;
	/** Only these watch for the moment; null: everyone entitled. */
	entry_lock: EntryLock | null;
	/** It goes live by itself at this moment. */
	starts_at: string | null;
	/** The planned end. */
	ends_at: string | null;
	ends_itself_at: string | null;
	/** What the reader sees next in this room. */
	next: { code: string; title: TextMap; start: string } | null;
}

/** Whether a session begins and ends by itself. */
export interface SessionClock {
	starts_automatically: boolean;
	/** Minutes after the planned end; null: a host ends it. */
	auto_end_minutes: number | null;
}

/** Which page of which file is shown. */
export interface ShownSlides {
	version: string;
	page: number;
	pages: number;
}

/** `read_slides`: what is shown, and for whoever presents what could be. */
export interface SlidesState {
	shown: ShownSlides | null;
	may_present: boolean;
	files: { id: string; name: string }[] | null;
}

/** Reads what a run's news say of its slides; null for none. */
export function slidesFrom(content: unknown): ShownSlides | null {
	if (typeof content !== 'object' || content === null) return null;
	const { version, page, pages } = content as Record<string, unknown>;
	return typeof version === 'string' && typeof page === 'number' && typeof pages === 'number'
		? { version, page, pages }
		: null;
}

/** Whole seconds until a moment by the server's clock, never less than none; `ahead`: how far the reader's clock goes before it, in ms. */
export function secondsUntil(moment: string, now: number, ahead: number): number {
	return Math.max(0, Math.ceil((Date.parse(moment) - (now - ahead)) / 1000));
}

/** Seconds as on a clock: 1:05, or 1:00:05. */
export function asClock(seconds: number): string {
	const two = (value: number) => String(value).padStart(2, '0');
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Minutes to the planned end: negative once it is over time. The minute that runs counts as left. */
export function minutesLeft(endsAt: string, now: number): number {
	const left = (Date.parse(endsAt) - now) / 60_000;
	return left > 0 ? Math.ceil(left) : Math.ceil(left) || 0;
}
