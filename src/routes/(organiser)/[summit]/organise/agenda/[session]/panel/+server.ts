import { readSessionNeeds } from '#lib/agenda/server/checks.ts';
import { readSessionGroups } from '#lib/agenda/server/draft.ts';
import { auditQuery } from '#lib/audit/history.ts';
import { listAudit } from '#lib/audit/server/history.ts';
import { json } from '@sveltejs/kit';
import { requireSession } from '../require-session.ts';
import type { RequestHandler } from './$types';

/** How many of the last changes the panel lists; the page of the history has all. */
const most = 12;

/** One session for the panel beside the board: its fields, people and groups, what it needs, and its last changes. */
export const GET: RequestHandler = async ({ locals, params }) => {
	const { summit, session } = await requireSession(locals, params);
	const [needs, groups, history] = await Promise.all([
		readSessionNeeds(locals.supabase, session.id),
		readSessionGroups(locals.supabase, session.id),
		listAudit(locals.supabase, summit.id, auditQuery(new URLSearchParams({ session: session.code })))
	]);
	return json(
		{ session, needs, groups, history: history?.entries.slice(0, most) ?? [] },
		{ headers: { 'cache-control': 'no-store' } }
	);
};
