import { readChecks } from '#lib/agenda/server/checks.ts';
import { codeWord } from '#lib/agenda/checks/words.ts';
import { isId } from '#lib/forms/ids.ts';
import { error, json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The new conflicts at the place to which a session is dragged, by name, without those at its current place. */
export const GET: RequestHandler = async ({ locals, url }) => {
	const { summit } = locals;
	const asked = (name: string) => url.searchParams.get(name) ?? '';
	const [session, slot, start, end] = ['session', 'slot', 'start', 'end'].map(asked);
	const isTime = [start, end].every((one) => !Number.isNaN(Date.parse(one ?? '')));
	if (!isId(session) || (slot && !isId(slot)) || !isTime) error(400);
	const move = { session, ...(slot && { slot }), start, end, rooms: url.searchParams.getAll('room').slice(0, 20) };
	const there = (await readChecks(locals.supabase, summit.id, [move])) ?? error(404);
	const found = there.findings.filter(({ sessions }) => sessions.includes(session));
	const placed = found.filter(({ code }) => code !== 'unconfirmed_speaker' && code !== 'no_people');
	return json([...new Set(placed.map(({ code }) => codeWord(code)))]);
};
