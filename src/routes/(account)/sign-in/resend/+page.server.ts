import { sentFrom } from '#lib/accounts/resending.ts';
import { href } from '#lib/i18n/locale.ts';
import { fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

/** Only the guard leads here, with a form from somebody whose session has ended. */
export const load: PageServerLoad = ({ isSubRequest, setHeaders }) => {
	if (!isSubRequest) redirect(303, href('/sign-in'));
	setHeaders({ 'cache-control': 'no-store' });
};

export const actions: Actions = {
	default: async ({ request, isSubRequest }) => {
		if (!isSubRequest) redirect(303, href('/sign-in'));
		return fail(401, { sent: sentFrom(await request.formData()), to: request.headers.get('x-shown-at') ?? '' });
	}
};
