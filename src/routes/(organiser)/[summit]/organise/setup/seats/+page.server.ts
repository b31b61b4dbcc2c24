import { saveSeatForm } from '#lib/summits/server/seat-form.ts';
import { readSeats } from '#lib/summits/server/settings.ts';
import { setupPath } from '#lib/summits/setup.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	seats: await readSeats(locals.supabase, locals.summit.id)
});

export const actions: Actions = { default: saveSeatForm(({ slug }) => setupPath(slug, 'fees')) };
