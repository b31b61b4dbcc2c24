import { findPeople } from '#lib/accounts/server/roles.ts';
import type { DataClient } from '#lib/database/client.ts';
import { joinFacts } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { searchMembers } from '#lib/members/server/members.ts';

/** Members and people of the Summit by a part of their name, as choices: `member:` or `person:` with the id. */
export async function findListable(client: DataClient, summit: string, query: string) {
	if (query.length < 2) return [];
	const [{ members }, people] = await Promise.all([
		searchMembers(client, summit, query),
		findPeople(client, summit, query)
	]);
	// Members first, because they are most often meant.
	return [
		...members.map(({ id, name }) => ({ value: `member:${id}`, label: name, hint: m.agenda_listed_member() })),
		...people.map((one) => ({
			value: `person:${one.id}`,
			label: one.display_name,
			hint: joinFacts([m.agenda_listed_person(), one.office, one.affiliation])
		}))
	];
}
