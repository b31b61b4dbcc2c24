import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { boothActions } from '#lib/interpretation/server/actions.ts';
import { readBooth } from '#lib/interpretation/server/booths.ts';
import { boothConsentActions } from '#lib/recording/server/actions.ts';
import { hasEgress } from '#lib/recording/server/choice.ts';
import { readSlides } from '#lib/stage/server/reading.ts';
import { passFor, streamState } from '#lib/stage/server/tokens.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

/** The booth of one language, for its interpreters and people who run the stage. */
export const load: PageServerLoad = async ({ locals, params, url, depends, setHeaders, isDataRequest }) => {
	depends('booth:view');
	const { supabase, summit, viewer } = locals;
	if (!viewer) redirect(303, href(`/sign-in?next=${encodeURIComponent(url.pathname)}`));
	setHeaders({ 'cache-control': 'no-store' });
	const readAt = Date.now();
	const [view, stream] = await Promise.all([
		readBooth(supabase, summit.id, params.room, params.language),
		streamState()
	]);
	if (!view) {
		if (!isDataRequest) error(404, m.ui_not_found());
		// An open page loads again when its session has ended, and then says so instead of "not found".
		return { readAt, view, stream, pass: null, slides: null };
	}
	// A workshop has a room of its own.
	if (view.session.stage_format === 'meeting' && view.may_interpret)
		redirect(303, href(`/${summit.slug}/live/${params.room}/workshop/${view.run.id}/booth/${params.language}`));
	const request = { purpose: 'stage' as const, session: view.session.code };
	const [pass, slides] = await Promise.all([passFor(locals, params.room, request), readSlides(supabase, view.run.id)]);
	// LiveKit Egress records the original alone.
	const shown = hasEgress() ? { ...view, recording: null } : view;
	return { readAt, view: shown, stream, pass, slides: slides?.shown ?? null };
};

export const actions: Actions = { ...boothActions, ...boothConsentActions };
