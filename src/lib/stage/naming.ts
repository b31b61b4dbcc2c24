import { m } from '#lib/i18n/messages.ts';

/** People as they are shown: whoever the reader is told no name of is a participant. */
export function withNames<Person extends { display_name: string }>(people: readonly Person[]): Person[] {
	return people.map((person) => (person.display_name === '' ? { ...person, display_name: m.stage_unnamed() } : person));
}
