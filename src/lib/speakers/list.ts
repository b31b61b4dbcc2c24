import { findsAll, queryWords } from '#lib/agenda/search.ts';
import type { Session, SessionPerson } from '#lib/agenda/session.ts';
import { compareNames } from '#lib/i18n/list.ts';

/** A person of the agenda and the sessions that name them. */
interface Speaker extends Omit<SessionPerson, 'role'> {
	sessions: Session[];
}

/** Everyone whom the sessions name, once each, sorted by name in a language. */
export function speakersOf(sessions: readonly Session[], language: string): Speaker[] {
	const found = new Map<string, Speaker>();
	for (const session of sessions) {
		for (const { role: _role, ...person } of session.people) {
			const known = found.get(person.code) ?? { ...person, sessions: [] };
			if (!known.sessions.includes(session)) known.sessions.push(session);
			found.set(person.code, known);
		}
	}
	return [...found.values()].sort((a, b) => compareNames(a.display_name, b.display_name, language));
}

/** Those whose name, office or organisation contains every word of the query. */
export function searchSpeakers(speakers: readonly Speaker[], query: string): Speaker[] {
	const words = queryWords(query);
	return speakers.filter((speaker) => findsAll(words, [speaker.display_name, speaker.office, speaker.affiliation]));
}
