import { readScheduleFacts } from '#lib/agenda/server/placing.ts';
import { error, json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** What a proposal is made from: the draft of this moment, as the organiser sees it. */
export const GET: RequestHandler = async ({ locals }) => {
	const facts = (await readScheduleFacts(locals.supabase, locals.summit.id)) ?? error(404);
	return json(facts, { headers: { 'cache-control': 'no-store' } });
};
