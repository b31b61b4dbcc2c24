import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { subscribe } from '#lib/live/server/listener.ts';
import { affectsCache } from '#lib/live/topics.ts';
import { agendaFrom } from '#lib/agenda/reading.ts';
import type { Agenda } from '#lib/agenda/session.ts';

const keptFor = 60_000;
const keyKeptFor = 5000;
const most = 300;

interface Kept {
	value: Promise<Agenda>;
	until: number;
}

const kept = new Map<string, Kept>();
/** Which rows a person sees: their audience key, by Summit and person. */
const keys = new Map<string, { value: Promise<string | null>; until: number }>();
let hearing = false;

/** Drops every kept agenda. */
export function forgetAgendas(): void {
	kept.clear();
	keys.clear();
}

function hear() {
	if (hearing) return;
	hearing = true;
	subscribe({
		onEvent: (news) => {
			// What a person may see changes with their registration and rights.
			if (news.topic.startsWith('person:')) forgetKeys(news.topic.slice('person:'.length));
			else if (affectsCache(news)) forgetAgendas();
		},
		resync: forgetAgendas
	});
}

// The map holds the promise, so a reading that began before a drop is never found after it.
function keep(key: string, read: () => Promise<Agenda>): Promise<Agenda> {
	hear();
	const found = kept.get(key);
	if (found && found.until > Date.now()) return found.value;
	if (kept.size >= most) kept.clear();
	const fresh = { value: read(), until: Date.now() + keptFor };
	kept.set(key, fresh);
	fresh.value.catch(() => kept.get(key) === fresh && kept.delete(key));
	return fresh.value;
}

/** The agenda that everyone sees, signed in or not. */
export function readPublicAgenda(summit: string): Promise<Agenda> {
	return keep(summit, async () => agendaFrom(await rpc(anonymousClient(), 'read_agenda', { summit })));
}

function forgetKeys(person: string): void {
	for (const key of keys.keys()) if (key.endsWith(person)) keys.delete(key);
}

// A few seconds only: whoever leafs through the days asks the database once.
function keyOf(reader: DataClient, summit: string, person: string): Promise<string | null> {
	hear();
	// An account without a person sees what a stranger sees; its key is asked each time.
	if (person === '') return rpc<string | null>(reader, 'agenda_cache_key', { summit });
	const place = `${summit} ${person}`;
	const found = keys.get(place);
	if (found && found.until > Date.now()) return found.value;
	if (keys.size >= 10 * most) keys.clear();
	const fresh = { value: rpc<string | null>(reader, 'agenda_cache_key', { summit }), until: Date.now() + keyKeptFor };
	keys.set(place, fresh);
	fresh.value.catch(() => keys.get(place) === fresh && keys.delete(place));
	return fresh.value;
}

/** Who reads: their own client and the person they are; both null when nobody is signed in. */
export interface Reader {
	supabase: DataClient;
	viewer: { personId: string | null } | null;
}

class OtherRows extends Error {}

/** The agenda as the reader may see it; rows are shared by readers to whom the database gives the same key. */
export async function readAgenda({ supabase, viewer }: Reader, summit: string): Promise<Agenda> {
	if (viewer === null) return readPublicAgenda(summit);
	const read = () => rpc<{ key?: string } | null>(supabase, 'read_agenda', { summit });
	const person = viewer.personId ?? '';
	const key = await keyOf(supabase, summit, person);
	if (!key) return agendaFrom(null);
	try {
		return await keep(`${summit} ${key}`, async () => {
			const answer = await read();
			// Somebody's rights changed since the key was asked: these rows are theirs alone.
			if (answer?.key !== key) throw new OtherRows();
			return agendaFrom(answer);
		});
	} catch (thrown) {
		if (!(thrown instanceof OtherRows)) throw thrown;
		forgetKeys(person);
		return agendaFrom(await read());
	}
}
