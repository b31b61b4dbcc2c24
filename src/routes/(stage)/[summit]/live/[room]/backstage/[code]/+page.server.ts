import { m } from '#lib/i18n/messages.ts';
import { href } from '#lib/i18n/locale.ts';
import { readRecording } from '#lib/recording/server/recordings.ts';
import { readSessionCamera } from '#lib/stage/server/camera.ts';
import { deskActions } from '#lib/stage/server/desk.ts';
import { isSessionCancelled, readBackstage, readBackstageMessages } from '#lib/stage/server/reading.ts';
import { passFor, streamState } from '#lib/stage/server/tokens.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

/** The green room of one session, for its people and people who run it. */
export const load: PageServerLoad = async ({ locals, params, url, depends, setHeaders }) => {
	depends('stage:view');
	const { supabase, summit, viewer } = locals;
	if (!viewer) redirect(303, href(`/sign-in?next=${encodeURIComponent(url.pathname)}`));
	setHeaders({ 'cache-control': 'no-store' });
	const [backstage, stream] = await Promise.all([readBackstage(supabase, summit.id, params.code), streamState()]);
	if (!backstage)
		error(404, (await isSessionCancelled(supabase, summit.id, params.code)) ? m.stage_cancelled() : m.ui_not_found());
	// The agenda may have moved the session since the link was written.
	if (backstage.room && backstage.room.slug !== params.room)
		redirect(303, href(`/${summit.slug}/live/${backstage.room.slug}/backstage/${params.code}`));
	// A workshop has no green room: its people meet in its room before it begins.
	if (backstage.run && backstage.session.stage_format === 'meeting')
		redirect(303, href(`/${summit.slug}/live/${params.room}/workshop/${backstage.run.id}`));
	const request = { purpose: 'green_room' as const, session: params.code };
	const [pass, messages, recording, camera] = await Promise.all([
		backstage.run ? passFor(locals, params.room, request) : null,
		readBackstageMessages(supabase, backstage.session.id),
		backstage.run ? readRecording(supabase, backstage.run.id) : null,
		backstage.may_run ? readSessionCamera(supabase, backstage.session.id) : null
	]);
	return { backstage, pass, stream, messages: messages ?? [], recording, camera };
};

export const actions: Actions = deskActions;
