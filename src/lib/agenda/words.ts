import { joinFacts } from '#lib/i18n/list.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { countryName } from '#lib/members/countries.ts';
import type { Attendance, Session, SessionRole } from './session.ts';

/** Where a session can be followed, in a few words. */
/** How people take part in its live room. */
export function roomFormatWord(format: Session['stage_format']): string {
	return { stage: m.agenda_room_stage, meeting: m.agenda_room_workshop }[format]();
}

export function attendanceWord(attendance: Attendance): string {
	return { hall_and_online: m.ui_mode_both, hall: m.ui_mode_in_person, online: m.ui_mode_virtual }[attendance]();
}

/** A person's role in a session. */
export function sessionRoleWord(role: SessionRole): string {
	return {
		speaker: m.agenda_role_speaker,
		chair: m.agenda_role_chair,
		moderator: m.agenda_role_moderator,
		respondent: m.agenda_role_respondent,
		interpreter: m.agenda_role_interpreter,
		captioner: m.agenda_role_captioner
	}[role]();
}

/** Whether a session carries a content note. */
export function hasNote(session: Pick<Session, 'content_note'>): boolean {
	return text(session.content_note).text !== '';
}

/** A person in one line: office, organisation, country, as far as known. */
export function personLine(person: { office: string; affiliation: string; country: string | null }): string {
	// Some organisations carry their country in their name.
	const country = countryName(person.country);
	return joinFacts([person.office, person.affiliation, person.affiliation.endsWith(country) ? '' : country]);
}

/** What a person of a session answered. */
export function participationWord(state: 'invited' | 'confirmed' | 'declined'): string {
	return {
		invited: m.agenda_answer_invited,
		confirmed: m.agenda_answer_confirmed,
		declined: m.agenda_answer_declined
	}[state]();
}

/** As whom a preview of the draft reads. */
export function previewRoleWord(role: 'public' | 'registered'): string {
	return { public: m.agenda_preview_public, registered: m.agenda_preview_registered }[role]();
}
