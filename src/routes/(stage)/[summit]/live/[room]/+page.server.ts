import { holdsRole } from '#lib/accounts/viewer.ts';
import { checkbox, requiredText } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { questionActions } from '#lib/participation/server/acting.ts';
import { raiseConcern } from '#lib/safeguarding/server/concerns.ts';
import { deskActions } from '#lib/stage/server/desk.ts';
import { readStage, readUpNext } from '#lib/stage/server/reading.ts';
import { passFor, streamState } from '#lib/stage/server/tokens.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** The room's current run, and the pass into it, so that joining waits for nothing. */
export const load: PageServerLoad = async ({ locals, params, depends, setHeaders }) => {
	depends('stage:view');
	const { supabase, summit, viewer } = locals;
	if (!summit) error(404, m.shell_not_found());
	// It may carry a token.
	setHeaders({ 'cache-control': 'no-store' });
	const [stage, stream] = await Promise.all([readStage(supabase, summit.id, params.room), streamState()]);
	if (!stage) error(404, m.shell_not_found());
	const upNext = stage.run ? [] : await readUpNext(supabase, summit.id);
	const request = { purpose: 'stage' as const, session: null };
	const pass = stage.entry === 'ok' ? await passFor(viewer?.personId ?? null, summit.id, params.room, request) : null;
	return {
		stage,
		pass,
		stream,
		next: upNext.find(({ room }) => room.slug === params.room) ?? null,
		mayOpen: holdsRole(viewer, summit.id, 'stage')
	};
};

const concern = v.object({ words: requiredText(4000, m.flow_report_missing), anonymous: checkbox() });

export const actions: Actions = {
	...deskActions,
	...questionActions,
	concern: async ({ request, locals, params }) => {
		const { supabase, summit, viewer } = locals;
		if (!summit) error(404, m.shell_not_found());
		const parsed = parseForm(await request.formData(), concern, 'concern');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const stage = await readStage(supabase, summit.id, params.room);
		if (!stage) error(404, m.shell_not_found());
		const { words, anonymous } = parsed.output;
		await raiseConcern({
			summit: summit.id,
			session: stage.session?.id ?? null,
			run: stage.run?.id ?? null,
			reporter: anonymous ? null : (viewer?.personId ?? null),
			words
		});
		return { sent: true };
	}
};
