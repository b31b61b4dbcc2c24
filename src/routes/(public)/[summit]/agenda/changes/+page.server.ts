import { releaseAsked } from '#lib/agenda/changes/changes.ts';
import { placeOf } from '#lib/agenda/place.ts';
import { readChangelog } from '#lib/agenda/server/changes.ts';
import type { PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, viewer, supabase } = locals;
	const [from, to] = [releaseAsked(url.searchParams.get('from')), releaseAsked(url.searchParams.get('to'))];
	const log = await readChangelog(supabase, summit.id, from, to);
	return { log, place: placeOf(summit, viewer?.timeZone ?? null), name: summit.name };
};
