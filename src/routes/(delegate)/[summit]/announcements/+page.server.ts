import { safeNext } from '#lib/accounts/next.ts';
import { myAnnouncements, seeAnnouncements } from '#lib/announcements/server/announcements.ts';
import { pushKeys } from '#lib/live/server/push.ts';
import { isId } from '#lib/forms/ids.ts';
import { redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const mine = await myAnnouncements(locals.supabase, summit.id);
	return { mine, pushKey: pushKeys()?.publicKey ?? null };
};

const idsOf = (data: FormData) => data.getAll('id').filter(isId);

export const actions: Actions = {
	/** Dismisses an announcement from any page, and returns the reader there. */
	close: async ({ locals, request }) => {
		const data = await request.formData();
		await seeAnnouncements(locals.supabase, idsOf(data), true);
		redirect(303, safeNext(data.get('next')));
	},
	see: async ({ locals, request }) => {
		await seeAnnouncements(locals.supabase, idsOf(await request.formData()), false);
	}
};
