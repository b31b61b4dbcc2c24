import type { Backstage, OnStage, StagePerson } from './stage.ts';

/** The people in a green room whom the page knows by name: those of the session, and those who run it. */
export function peopleIn(
	people: Backstage['people'],
	guests: Backstage['guests'],
	identities: Iterable<string>
): OnStage[] {
	const here = new Set(identities);
	return [...people, ...guests].flatMap((person) =>
		person.identity !== null && here.has(person.identity)
			? [{ ...person, identity: person.identity, country: null }]
			: []
	);
}

/** The expected people of the session who are not here: everyone who has a part in it and may come in. */
export function expectedIn(people: Backstage['people'], here: readonly OnStage[]): StagePerson[] {
	return people.filter(({ code, is_barred }) => !is_barred && !here.some((person) => person.code === code));
}
