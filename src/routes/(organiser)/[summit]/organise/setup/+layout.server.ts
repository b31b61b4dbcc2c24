import { readSetupFacts } from '#lib/summits/server/setup.ts';
import { doneSteps } from '#lib/summits/setup.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, params }) => {
	const facts = await readSetupFacts(locals.supabase, params.summit);
	return { done: doneSteps(facts), state: facts.summit.state };
};
