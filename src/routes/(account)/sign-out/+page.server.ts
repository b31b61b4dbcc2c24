import { signOut } from '#lib/accounts/server/auth.ts';
import { href } from '#lib/i18n/locale.ts';
import { redirect } from '@sveltejs/kit';
import type { Actions } from './$types';

export const actions: Actions = {
	default: async (event) => {
		await signOut(event);
		redirect(303, href('/sign-out'));
	}
};
