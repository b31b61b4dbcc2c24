import { m } from '#lib/i18n/messages.ts';
import type { ChangeKind } from '#lib/database/answers/agenda/sessions.ts';

export type { Changelog, ListedRelease, SessionChange, Version } from '#lib/database/answers/agenda/changes.ts';

export type { ChangeKind } from '#lib/database/answers/agenda/sessions.ts';

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
