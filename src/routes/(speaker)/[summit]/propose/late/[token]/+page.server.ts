import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { takeLateLink } from '#lib/proposals/server/call.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	if (!locals.summit) error(404);
};

export const actions: Actions = {
	default: async ({ locals, params }) => {
		if (!locals.summit) error(404);
		const here = href(`/${params.summit}/propose/late/${params.token}`, locale());
		if (!locals.viewer) redirect(303, href(`/sign-in?next=${encodeURIComponent(here)}`));
		const status = await takeLateLink(locals.supabase, locals.summit.id, params.token);
		if (status === 'ok') redirect(303, href(`/${params.summit}/propose`));
		return fail(409, { form: { values: {}, issues: [{ path: '', message: m.propose_late_over() }] } });
	}
};
