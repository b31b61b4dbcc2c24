import { safeNext } from '#lib/accounts/next.ts';
import { signInByAddress, signOut } from '#lib/accounts/server/auth.ts';
import { isLocalSample, sampleAddress, samplePeople } from '#lib/accounts/server/sample.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ url }) => {
	if (!isLocalSample()) error(404, m.ui_not_found());
	return {
		people: await samplePeople(),
		next: safeNext(url.searchParams.get('next'), ''),
		inbox: process.env['LOCAL_INBOX_URL'] ?? null
	};
};

export const actions: Actions = {
	default: async (event) => {
		if (!isLocalSample()) error(404, m.ui_not_found());
		const data = await event.request.formData();
		const address = await sampleAddress(String(data.get('person')));
		if (address === null) error(404, m.ui_not_found());
		if (event.locals.viewer) await signOut(event);
		await signInByAddress(event, address);
		redirect(303, safeNext(data.get('next'), href('/account/start')));
	}
};
