import type { Backstage, OnStage, StagePerson } from './stage.ts';

/** Who is in a green room, of those whom the page knows by name: the people of the session, and those who run it. */
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

/** Who of the session is expected and not here: everybody who has a part in it and may come in. */
export function expectedIn(people: Backstage['people'], here: readonly OnStage[]): StagePerson[] {
	return people.filter(({ code, is_barred }) => !is_barred && !here.some((person) => person.code === code));
}
