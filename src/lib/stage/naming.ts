import { text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';

/** People under their displayed names: a person without a name for this reader is a participant; a hall has its name in their language. */
export function withNames<Person extends { display_name: string; name?: TextMap }>(
	people: readonly Person[]
): Person[] {
	return people.map((person) => ({
		...person,
		display_name: person.name ? text(person.name).text : person.display_name || m.stage_unnamed()
	}));
}
