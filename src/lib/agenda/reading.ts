import type { SessionLink } from './links.ts';
import type { Agenda, Release, Session, SessionPerson } from './session.ts';

/** What a reader may do with one session, and whether it is in their agenda. */
export interface SessionPage extends Session {
	/** `ok`, or why not: hall_only, online_only, sign_in, not_registered, not_listed, virtual_at_door, in_review, barred, no_place. */
	entry: { stream: string; door: string };
	is_marked: boolean;
	/** The portraits of its people, by the code of the person. */
	portraits: Record<string, string>;
	/** As in the release. */
	links: SessionLink[];
	release: Release | null;
}

/** A speaker with the sessions in which the reader sees them. */
export interface SpeakerPage extends Omit<SessionPerson, 'role'> {
	biography: Record<string, string>;
	links: { url: string }[];
	portrait: string | null;
	sessions: Session[];
}

const nothing: Agenda = { release: null, sessions: [] };

/** The answer of `read_agenda`. The database is trusted for its format; an empty answer is an empty agenda. */
export function agendaFrom(answer: unknown): Agenda {
	if (typeof answer !== 'object' || answer === null || !('sessions' in answer) || !Array.isArray(answer.sessions))
		return nothing;
	return answer as Agenda;
}

/** The answer of `read_session`; null for unknown and hidden alike. */
export function sessionFrom(answer: unknown): SessionPage | null {
	return hasCode(answer) ? (answer as SessionPage) : null;
}

/** The answer of `read_speaker`; null for unknown and hidden alike. */
export function speakerFrom(answer: unknown): SpeakerPage | null {
	return hasCode(answer) && 'sessions' in answer && Array.isArray(answer.sessions) ? (answer as SpeakerPage) : null;
}

function hasCode(answer: unknown): answer is { code: string } {
	return typeof answer === 'object' && answer !== null && 'code' in answer && typeof answer.code === 'string';
}
