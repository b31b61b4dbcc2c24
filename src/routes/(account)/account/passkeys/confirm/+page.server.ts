import { safeNext } from '#lib/accounts/next.ts';
import { href } from '#lib/i18n/locale.ts';
import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => {
	const next = safeNext(url.searchParams.get('next'), href('/account'));
	if (!locals.viewer?.hasPasskey) redirect(303, href(`/account/passkeys?next=${encodeURIComponent(next)}`));
	return { next };
};
