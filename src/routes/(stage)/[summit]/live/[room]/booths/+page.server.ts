import { engineActions } from '#lib/captions/server/actions.ts';
import { readEngineTokens } from '#lib/captions/server/captions.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { boothsActions } from '#lib/interpretation/server/actions.ts';
import { readBooths } from '#lib/interpretation/server/booths.ts';
import { readStage } from '#lib/stage/server/reading.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

/** All booths of a room's run, for people who run the stage. */
export const load: PageServerLoad = async ({ locals, params, url, depends, setHeaders }) => {
	depends('booth:view');
	const { supabase, summit, viewer } = locals;
	if (!viewer) redirect(303, href(`/sign-in?next=${encodeURIComponent(url.pathname)}`));
	setHeaders({ 'cache-control': 'no-store' });
	const stage = await readStage(supabase, summit.id, params.room);
	if (!stage?.run || !stage.may_run) error(404, m.ui_not_found());
	const [booths, tokens] = await Promise.all([
		readBooths(supabase, stage.run.id),
		readEngineTokens(supabase, stage.run.id)
	]);
	return {
		room: stage.room,
		run: stage.run,
		session: stage.session,
		booths,
		tokens,
		endpoint: `${url.origin}/api/captions`
	};
};

export const actions: Actions = { ...boothsActions, ...engineActions };
