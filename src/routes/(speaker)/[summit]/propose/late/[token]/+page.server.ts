import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { takeLateLink } from '#lib/proposals/server/call.ts';
import { fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
};

export const actions: Actions = {
	default: async ({ locals, params }) => {
		const here = href(`/${params.summit}/propose/late/${params.token}`, locale());
		if (!locals.viewer) redirect(303, href(`/sign-in?next=${encodeURIComponent(here)}`));
		const status = await takeLateLink(locals.supabase, locals.summit.id, params.token);
		if (status === 'ok') redirect(303, href(`/${params.summit}/propose`));
		return fail(409, { form: { values: {}, issues: [{ path: '', message: m.proposals_late_over() }] } });
	}
};
