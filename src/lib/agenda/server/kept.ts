import type { SupabaseClient } from '@supabase/supabase-js';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { hearNews } from '#lib/live/server/listener.ts';
import { agendaFrom } from '#lib/agenda/reading.ts';
import type { Agenda } from '#lib/agenda/session.ts';

const keptFor = 60_000;
const most = 300;

/** Changes that a rush of registrations makes and no agenda shows. */
const silent = new Set(['seats', 'queue', 'registration', 'order', 'badge', 'outbox']);

interface Kept {
	value: Promise<Agenda>;
	until: number;
}

const kept = new Map<string, Kept>();
let hearing = false;

/** Drops every kept agenda. */
export function forgetAgendas(): void {
	kept.clear();
}

function hear() {
	if (hearing) return;
	hearing = true;
	hearNews({
		news: ({ topic, kind }) => {
			if (!topic.startsWith('person:') && !silent.has(kind)) forgetAgendas();
		},
		missed: forgetAgendas
	});
}

async function ask<Answer>(client: SupabaseClient, name: string, parameters: Record<string, unknown>): Promise<Answer> {
	const { data, error } = await client.rpc(name, parameters);
	if (error) throw new Error(`${name} was refused (${error.code}).`);
	return data as Answer;
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
	return keep(summit, async () => agendaFrom(await ask(anonymousClient(), 'read_agenda', { summit })));
}

/** The agenda as the reader may see it; rows are shared by readers to whom the database gives the same key. */
export async function readAgenda(reader: SupabaseClient | null, summit: string): Promise<Agenda> {
	if (reader === null) return readPublicAgenda(summit);
	const key = await ask<string | null>(reader, 'agenda_key', { summit });
	if (!key) return agendaFrom(null);
	return keep(`${summit} ${key}`, async () => agendaFrom(await ask(reader, 'read_agenda', { summit })));
}
