import { formAction } from '#lib/forms/server/action.ts';
import { readSummitSettings, setSummitState } from '#lib/summits/server/settings.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const { state } = await readSummitSettings(locals.supabase, params.summit);
	return { state };
};

const schema = v.object({ state: v.picklist(['draft', 'open', 'live', 'closed', 'archived'], 'Choose a state.') });

export const actions: Actions = {
	default: formAction(schema, async ({ state }, { locals, params }) => {
		const { id } = await readSummitSettings(locals.supabase, params.summit);
		await setSummitState(locals.supabase, id, state);
		return `/${params.summit}/organise/settings/state?done=saved`;
	})
};
