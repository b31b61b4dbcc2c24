import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { clearOnChange, clearOnChangeOrPerson, LiveCache } from '#lib/live/server/live-cache.ts';
import { emptyAgenda } from '#lib/agenda/reading.ts';
import type { Agenda } from '#lib/agenda/session.ts';

const topicOf = (person: string) => `person:${person}`;

/** Agendas by Summit, and by the audience key of the readers who share their rows. */
const agendas = new LiveCache<Agenda>({
	entries: 300,
	ttl: 60_000,
	cachesWithoutEvents: true,
	onEvent: clearOnChange
});

/** Audience keys, by Summit and person. They last a few seconds: turning through the days asks the database once. */
const audienceKeys = new LiveCache<string | null>({
	entries: 3000,
	ttl: 5000,
	cachesWithoutEvents: true,
	// A person's rights change with their registration and roles.
	onEvent: clearOnChangeOrPerson
});

/** The agenda that everyone may see, signed in or not. */
export function readPublicAgenda(summit: string): Promise<Agenda> {
	return agendas.get(summit, async () => (await rpc(anonymousClient(), 'read_agenda', { summit })) ?? emptyAgenda);
}

function audienceKeyOf(reader: DataClient, summit: string, person: string): Promise<string | null> {
	const read = () => rpc(reader, 'agenda_cache_key', { summit });
	// An account without a person sees what a signed-out reader sees; its key is read each time.
	return person === '' ? read() : audienceKeys.get(`${summit} ${person}`, read, { topicOf: () => topicOf(person) });
}

/** The reader: their own client and their person; both null when nobody is signed in. */
interface Reader {
	supabase: DataClient;
	viewer: { personId: string | null } | null;
}

class OtherAudience extends Error {}

/** The agenda as the reader may see it. Readers with the same audience key share its rows. */
export async function readAgenda({ supabase, viewer }: Reader, summit: string): Promise<Agenda> {
	if (viewer === null) return readPublicAgenda(summit);
	const read = () => rpc(supabase, 'read_agenda', { summit });
	const person = viewer.personId ?? '';
	const key = await audienceKeyOf(supabase, summit, person);
	if (!key) return emptyAgenda;
	try {
		return await agendas.get(`${summit} ${key}`, async () => {
			const answer = await read();
			// The reader's rights changed after the key was read, so these rows are not shared.
			if (answer?.key !== key) throw new OtherAudience();
			return answer;
		});
	} catch (thrown) {
		if (!(thrown instanceof OtherAudience)) throw thrown;
		audienceKeys.deleteTopic(topicOf(person));
		return (await read()) ?? emptyAgenda;
	}
}
