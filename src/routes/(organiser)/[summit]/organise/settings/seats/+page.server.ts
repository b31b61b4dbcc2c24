import { saveSeatForm } from '#lib/summits/server/seat-form.ts';
import { readSeats } from '#lib/summits/server/settings.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	seats: await readSeats(locals.supabase, locals.summit.id)
});

export const actions: Actions = { default: saveSeatForm(({ slug }) => `/${slug}/organise/settings/seats?done=saved`) };
