import type { Draft, DraftChange, DraftEntry } from '#lib/database/answers/agenda/draft.ts';
import { m } from '#lib/i18n/messages.ts';
import { sessionRoleWord } from './words.ts';

export type {
	Draft,
	DraftAudience,
	DraftEntry,
	DraftPerson,
	DraftSession,
	DraftSlot,
	SessionGroups,
	SessionOrigin
} from '#lib/database/answers/agenda/draft.ts';

type ShownChange = Exclude<DraftChange, null | 'none'>;

/** A change as organisers see it. */
export function draftChangeWord(change: ShownChange): string {
	return {
		new: m.agenda_changes_added,
		changed: m.agenda_change_changed,
		moved: m.agenda_changes_moved,
		cancelled: m.agenda_changes_cancelled,
		restored: m.agenda_change_restored,
		withdrawn: m.agenda_change_withdrawn
	}[change]();
}

/** The same, with what it is compared with. */
export function changeSinceReleaseWord(change: ShownChange): string {
	return {
		new: m.agenda_change_since_new,
		changed: m.agenda_change_since_changed,
		moved: m.agenda_change_since_moved,
		cancelled: m.agenda_change_since_cancelled,
		restored: m.agenda_change_since_restored,
		withdrawn: m.agenda_change_since_withdrawn
	}[change]();
}

/** Sessions that the next release would change, add or remove. */
export function changedSessions(draft: Draft): DraftEntry[] {
	return draft.sessions.filter(({ change }) => change !== null && change !== 'none');
}

/** Roles of a session. */
export const sessionRoles = ['speaker', 'chair', 'moderator', 'respondent', 'interpreter', 'captioner'] as const;

/** The same with the texts of the form. */
export const sessionRoleOptions = () => sessionRoles.map((value) => ({ value, label: sessionRoleWord(value) }));

/** What a person of a session answered. */
export const participationStates = ['invited', 'confirmed', 'declined'] as const;
