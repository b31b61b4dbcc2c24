import { answerInvitation, readSessionInvitation } from '#lib/accounts/server/role-invitations.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { forgetViewer } from '#lib/accounts/server/viewers.ts';
import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
	// The link is a secret, so no cache may store the page.
	setHeaders({ 'cache-control': 'no-store' });
	const invitation = await readSessionInvitation(locals.supabase, params.token);
	if (!invitation || invitation.summit !== params.summit) error(404, m.proposals_invited_unknown());
	return { invitation, said: url.searchParams.get('said') };
};

async function answer(locals: App.Locals, params: { summit: string; token: string }, accept: boolean): Promise<never> {
	const invitation = await readSessionInvitation(locals.supabase, params.token);
	if (!invitation) error(404, m.proposals_invited_unknown());
	const status = invitation.id ? await answerInvitation(locals.supabase, invitation.id, accept) : 'not_found';
	forgetViewer(locals.token);
	const here = `/${params.summit}/speak/invited/${params.token}`;
	const to = byStatus(status, {
		ok: () => (accept ? `/${params.summit}/speak?done=accepted` : here),
		taken: () => `${here}?said=taken`,
		cancelled: () => `${here}?said=cancelled`,
		// The page itself says so.
		not_found: () => here
	});
	redirect(303, href(to));
}

export const actions: Actions = {
	// Mail scanners follow links, so only a form submission continues.
	open: ({ params }) => {
		const here = href(`/${params.summit}/speak/invited/${params.token}`, locale());
		redirect(303, href(`/sign-in?next=${encodeURIComponent(here)}`));
	},
	accept: ({ locals, params }) => answer(locals, params, true),
	decline: ({ locals, params }) => answer(locals, params, false)
};
