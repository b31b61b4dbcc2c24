import { byStatus } from '#lib/database/by-status.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { myRegistration, replaceBadge } from '#lib/registration/server/registrations.ts';
import { fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const registration = await myRegistration(locals.supabase, locals.summit.id);
	if (!registration?.badge) redirect(303, href(`/${params.summit}/me/badge`));
	return { badge: registration.badge.id };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const done = () => redirect(303, href(`/${params.summit}/me/badge?done=renewed`));
		const asked = (await request.formData()).get('badge');
		const registration = await myRegistration(locals.supabase, locals.summit.id);
		// A second click would find the new badge, and must not revoke it.
		if (registration?.badge && registration.badge.id === asked) {
			const gone = () => redirect(303, href(`/${params.summit}/me/badge`));
			return byStatus(await replaceBadge(locals.supabase, registration.id), {
				ok: done,
				too_often: () =>
					fail(429, { form: { values: {}, issues: [{ path: '', message: m.registration_badge_lost_too_often() }] } }),
				// The page of the badge says why there is none.
				no_badge: gone,
				not_found: gone
			});
		}
		return done();
	}
};
