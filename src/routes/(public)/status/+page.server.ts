import { safeNext } from '#lib/accounts/next.ts';
import { isId } from '#lib/forms/ids.ts';
import { dismissedCookie, withDismissed } from '#lib/status/notices.ts';
import { shownParts } from '#lib/status/server/status.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

/** How the parts of the site are. Needs no database: what this process knows is shown while there is none. */
export const load: PageServerLoad = async ({ setHeaders }) => {
	setHeaders({ 'cache-control': 'no-cache' });
	const { at, parts, status } = await shownParts();
	return { at, parts, notices: status.notices, days: status.days };
};

export const actions: Actions = {
	/** Dismisses a banner on any page, and returns the reader there. */
	dismiss: async ({ request, cookies, url }) => {
		const data = await request.formData();
		const id = data.get('id');
		if (!isId(id)) error(400);
		cookies.set(dismissedCookie, withDismissed(cookies.get(dismissedCookie), id), {
			path: '/',
			sameSite: 'lax',
			secure: url.protocol === 'https:',
			maxAge: 30 * 86_400
		});
		redirect(303, safeNext(data.get('next')));
	}
};
