import { findAnything, queryOf } from '#lib/organising/server/find.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** What a query finds, for the dialog of the menu: as the page beside it, without its frame. */
export const GET: RequestHandler = async ({ locals, url }) => {
	const { summit, supabase, viewer } = locals;
	if (!viewer) error(403, m.ui_forbidden());
	return json(await findAnything(supabase, viewer, summit, queryOf(url)), { headers: { 'cache-control': 'no-store' } });
};
