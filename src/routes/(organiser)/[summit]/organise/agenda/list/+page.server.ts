import { readDraft } from '#lib/agenda/server/draft.ts';
import { changedSessions } from '#lib/agenda/draft.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const draft = await readDraft(locals.supabase, summit.id);
	return { draft, changes: changedSessions(draft).length, rooms: summit.rooms };
};
