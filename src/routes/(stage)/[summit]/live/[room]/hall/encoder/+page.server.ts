import { id } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { hasIngress, openIngress, sweepIngresses } from '#lib/stage/server/livekit-ingress.ts';
import { endEncoder, makeEncoderCode, readEncoders } from '#lib/stage/server/livekit-encoders.ts';
import { readStage } from '#lib/stage/server/reading.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** The ways to send from a room's hall without a browser, for organisers of all stages. */
export const load: PageServerLoad = async ({ locals, params, url, depends, setHeaders }) => {
	depends('hall:encoders');
	const [stage, runs] = await Promise.all([
		readStage(locals.supabase, locals.summit.id, params.room),
		readEncoders(locals.supabase, locals.summit.id, params.room)
	]);
	if (!stage || !runs) error(404, m.ui_not_found());
	setHeaders({ 'cache-control': 'no-store' });
	return {
		room: stage.room,
		runs,
		hasIngress: hasIngress(),
		whip: `${url.origin}/${locals.summit.slug}/live/${params.room}/hall/whip`
	};
};

const ofRun = v.object({ run: id() });

async function runOf(request: Request): Promise<string> {
	const parsed = parseForm(await request.formData(), ofRun, 'encoder');
	if (!parsed.ok) error(404, m.ui_not_found());
	return parsed.output.run;
}

export const actions: Actions = {
	make: async ({ request, locals }) => {
		const run = await runOf(request);
		const code = await makeEncoderCode(locals.supabase, run);
		if (!code) error(404, m.ui_not_found());
		return { made: { run, code } };
	},
	end: async ({ request, locals }) => {
		if ((await endEncoder(locals.supabase, await runOf(request), 'encoder')) === 'not_found')
			error(404, m.ui_not_found());
		return { done: true as const };
	},
	rtmp: async ({ request, locals }) => {
		const run = await runOf(request);
		const opened = hasIngress() ? await openIngress(locals.supabase, run) : 'not_found';
		if (opened === 'away') return fail(503, { isAway: true as const });
		if (typeof opened === 'string') error(404, m.ui_not_found());
		return { opened: { run, ...opened } };
	},
	endRtmp: async ({ request, locals }) => {
		if ((await endEncoder(locals.supabase, await runOf(request), 'ingress')) === 'not_found')
			error(404, m.ui_not_found());
		await sweepIngresses().catch(() => undefined);
		return { done: true as const };
	}
};
