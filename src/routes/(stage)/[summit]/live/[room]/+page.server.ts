import { holdsRole } from '#lib/accounts/viewer.ts';
import { readCaptions } from '#lib/captions/server/captions.ts';
import { takesFeedback } from '#lib/evaluation/server/answering.ts';
import { bytesOf } from '#lib/files/server/store.ts';
import { objectOfVersion } from '#lib/files/server/session-files.ts';
import { id } from '#lib/forms/fields.ts';
import { acted, formAction, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { findWorkshop } from '#lib/meetings/server/run-room.ts';
import { readLanguages } from '#lib/interpretation/server/booths.ts';
import { participationActions } from '#lib/participation/server/acting.ts';
import { reportAction } from '#lib/safeguarding/server/report-action.ts';
import { stageConcernAction } from '#lib/safeguarding/server/reporting.ts';
import { recordingActions } from '#lib/recording/server/actions.ts';
import { readRecording } from '#lib/recording/server/recordings.ts';
import { readSessionCamera } from '#lib/stage/server/camera.ts';
import { deskActions } from '#lib/stage/server/desk.ts';
import { readSlides, readStage, readUpNext } from '#lib/stage/server/reading.ts';
import { presentSlides } from '#lib/stage/server/runs.ts';
import { openSlides } from '#lib/stage/server/slides.ts';
import { passFor, streamState } from '#lib/stage/server/tokens.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** The room's current run, with the token for it, so that joining needs no further request. */
export const load: PageServerLoad = async ({ locals, params, depends, setHeaders }) => {
	depends('stage:view');
	const { supabase, summit, viewer } = locals;
	// It may contain a token.
	setHeaders({ 'cache-control': 'no-store' });
	const readAt = Date.now();
	const [stage, booths, captions, stream, feedback] = await Promise.all([
		readStage(supabase, summit.id, params.room),
		readLanguages(supabase, summit.id, params.room),
		readCaptions(supabase, summit.id, params.room),
		streamState(),
		viewer?.personId ? takesFeedback(supabase, summit.id) : false
	]);
	if (!stage) error(404, m.ui_not_found());
	const workshop =
		viewer && stage.session?.stage_format === 'meeting'
			? await findWorkshop(supabase, summit.id, params.room, stage.run?.id)
			: null;
	if (workshop) redirect(303, href(`/${summit.slug}/live/${params.room}/workshop/${workshop}`));
	const upNext = stage.run ? [] : await readUpNext(supabase, summit.id);
	const request = { purpose: 'stage' as const, session: null };
	const [pass, slides, recording, camera] = await Promise.all([
		stage.entry === 'ok' ? passFor(locals, params.room, request) : null,
		stage.run && stage.entry === 'ok' ? readSlides(supabase, stage.run.id) : null,
		stage.run ? readRecording(supabase, stage.run.id) : null,
		stage.may_run && stage.session ? readSessionCamera(supabase, stage.session.id) : null
	]);
	return {
		readAt,
		stage,
		recording,
		/** For who runs it. */
		camera,
		booths,
		captions,
		pass,
		slides,
		stream,
		takesFeedback: feedback,
		next: upNext.find(({ room }) => room.slug === params.room) ?? null,
		mayOpen: holdsRole(viewer, summit.id, 'stage')
	};
};

const presentSchema = v.object({ run: id(), file: v.union([v.literal(''), id()]) });

export const actions: Actions = {
	...deskActions,
	...participationActions,
	present: formAction('slides', presentSchema, async ({ run, file }, event) => {
		const shown = await presentSlides(event.locals.supabase, run, file || null);
		if (shown.status !== 'ok') error(404, m.ui_not_found());
		const { version } = shown;
		if (!version) return acted(event);
		const opened = await openSlides(run, version, async () => {
			const object = await objectOfVersion(version);
			return object ? bytesOf(object) : null;
		});
		return opened ? acted(event) : refuse('', m.stage_run_slides_broken());
	}),
	...recordingActions,
	report: reportAction,
	concern: stageConcernAction(({ locals, params }: RequestEvent) =>
		readStage(locals.supabase, locals.summit.id, params.room)
	)
};
