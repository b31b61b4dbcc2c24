import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dayKey } from '#lib/i18n/time.ts';
import type { Level } from '#lib/ui/level.ts';

export type SessionRole = 'speaker' | 'chair' | 'moderator' | 'respondent' | 'interpreter' | 'captioner';

/** A person's consents in one session, each separate. */
export interface ParticipationConsents {
	live: boolean;
	record: boolean;
	publish: boolean;
	photo: boolean;
}

/** A session in which the reader takes part, as they see it. */
export interface Participation {
	id: string;
	/** Whose it is: the reader's, or of a person for whom they act. */
	person_id: string;
	person: string;
	is_own: boolean;
	session_id: string;
	code: string;
	title: TextMap;
	abstract: TextMap;
	content_note: TextMap;
	level: Level;
	attendance: 'hall_and_online' | 'hall' | 'online';
	spoken: string[];
	interpreted: string[];
	is_recorded: boolean;
	is_cancelled: boolean;
	is_released: boolean;
	role: SessionRole;
	state: 'invited' | 'confirmed';
	consents: ParticipationConsents;
	consents_said: boolean;
	/** The green room can be entered. */
	is_near: boolean;
	slots: { start: string; end: string; rooms: { slug: string; name: TextMap }[] }[];
	people: {
		display_name: string;
		office: string;
		affiliation: string;
		role: SessionRole;
		state: string;
		is_me: boolean;
	}[];
	run: { state: string; room: string } | null;
}

/** A role in a session, in the reader's words. */
export function roleName(role: SessionRole): string {
	return {
		speaker: m.speak_role_speaker,
		chair: m.speak_role_chair,
		moderator: m.speak_role_moderator,
		respondent: m.speak_role_respondent,
		interpreter: m.speak_role_interpreter,
		captioner: m.speak_role_captioner
	}[role]();
}

/** The room in which the session is or will be streamed: of its run, else its first. */
export function stageRoom(participation: Participation): string | null {
	return participation.run?.room ?? participation.slots[0]?.rooms[0]?.slug ?? null;
}

/** In order of time, by the day of their first slot ("2027-06-09"); those without a time last, under ''. */
export function byDay(participations: readonly Participation[], zone: string): [day: string, Participation[]][] {
	const found = new Map<string, Participation[]>();
	for (const each of participations) {
		const start = each.slots[0]?.start;
		const key = start ? dayKey(start, zone) : '';
		found.set(key, [...(found.get(key) ?? []), each]);
	}
	return [...found];
}
