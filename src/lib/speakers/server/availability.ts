import type { PersonFacts } from '#lib/agenda/checks/facts.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { DataClient } from '#lib/database/client.ts';
import type { Availability } from '#lib/database/answers/speakers/work.ts';

/** For the person and their assistants; null for others. */
export function readAvailability(client: DataClient, summit: string, person: string): Promise<Availability | null> {
	return rpc(client, 'read_own_availability', { summit, person });
}

/** Saves when a speaker is available, and which languages they interpret. */
export async function saveAvailability(
	client: DataClient,
	summit: string,
	person: string,
	{
		zone,
		during,
		pairs
	}: Omit<PersonFacts, 'person' | 'name' | 'roles' | 'pairs'> & { pairs: PersonFacts['pairs'] | null }
) {
	const status = await rpc(client, 'save_availability', { summit, person, zone, during });
	// Who interprets nothing was not asked.
	return status === 'ok' && pairs ? rpc(client, 'save_interpreter_languages', { summit, person, pairs }) : status;
}
