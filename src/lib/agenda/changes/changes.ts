import { m } from '#lib/i18n/messages.ts';
import type { ChangeKind } from '#lib/database/answers/agenda/sessions.ts';

export type { Changelog, ListedRelease, SessionChange, Version } from '#lib/database/answers/agenda/changes.ts';

export type { ChangeKind } from '#lib/database/answers/agenda/sessions.ts';

/** A change in a word or two. */
export function changeWord(kind: ChangeKind): string {
	return {
		added: m.agenda_changes_added,
		removed: m.agenda_changes_removed,
		cancelled: m.agenda_changes_cancelled,
		restored: m.agenda_changes_restored,
		moved: m.agenda_changes_moved,
		renamed: m.agenda_changes_renamed,
		people: m.agenda_changes_people,
		details: m.agenda_changes_details,
		note: m.agenda_changes_content_note,
		texts: m.agenda_changes_texts
	}[kind]();
}

/** The number of a release in an address; null for anything else. */
export function releaseAsked(value: string | null): number | null {
	return value !== null && /^\d{1,6}$/.test(value) ? Number(value) : null;
}
