import { href } from '#lib/i18n/locale.ts';
import { readSetupFacts } from '#lib/summits/server/setup.ts';
import { doneSteps, nextStep, setupPath } from '#lib/summits/setup.ts';
import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** Leads to the first step that is not done. */
export const load: PageServerLoad = async ({ locals, params, url }) => {
	const done = doneSteps(await readSetupFacts(locals.supabase, params.summit));
	redirect(303, href(`${setupPath(params.summit, nextStep(done))}${url.search}`));
};
