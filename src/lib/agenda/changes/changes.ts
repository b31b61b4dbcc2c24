import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { SessionRole, Slot } from '../session.ts';

/** What can change in a session from one release to another. */
export type ChangeKind =
	'added' | 'removed' | 'cancelled' | 'restored' | 'moved' | 'renamed' | 'people' | 'details' | 'texts';

/** One side of a change: only the people who are not on the other. */
export interface Version {
	title: TextMap;
	places: Slot[];
	people: { code: string; display_name: string; role: SessionRole }[];
}

/** A session that differs between two releases; `before` is null for a new one, `after` for a removed one. */
export interface SessionChange {
	id: string;
	code: string;
	is_break: boolean;
	kinds: ChangeKind[];
	before: Version | null;
	after: Version | null;
}

/** A release in the list of all. */
export interface ListedRelease {
	number: number;
	released_at: string;
	note: TextMap;
	/** A live change: made from the previous release and chosen changes. */
	is_live_change: boolean;
}

/** The changes between two releases, for one reader; no numbers where there are not two. */
export interface Changelog {
	from: number | null;
	to: number | null;
	releases: ListedRelease[];
	changes: SessionChange[];
}

/** A change in a word or two. */
export function changeWord(kind: ChangeKind): string {
	return {
		added: m.changes_added,
		removed: m.changes_removed,
		cancelled: m.changes_cancelled,
		restored: m.changes_restored,
		moved: m.changes_moved,
		renamed: m.changes_renamed,
		people: m.changes_people,
		details: m.changes_details,
		texts: m.changes_texts
	}[kind]();
}

/** The number of a release in an address; null for anything else. */
export function releaseAsked(value: string | null): number | null {
	return value !== null && /^\d{1,6}$/.test(value) ? Number(value) : null;
}
