import { byStatus } from '#lib/database/by-status.ts';
import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { forgetViewer } from '#lib/accounts/server/viewers.ts';
import { acceptInvitation, openInvitation, readInvitation } from '#lib/registration/server/invitations.ts';
import { findSummit } from '#lib/summits/server/cache.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
	// The link is a secret, so no cache may store the page.
	setHeaders({ 'cache-control': 'no-store' });
	const invitation = await readInvitation(locals.supabase, params.token);
	if (!invitation) error(404, m.registration_delegation_invited_unknown());
	const summit = await findSummit(invitation.summit, locals.viewer ? locals.supabase : null);
	return { invitation, of: summit && { name: summit.name, city: summit.city, zone: summit.zone } };
};

export const actions: Actions = {
	open: async ({ params }) => {
		await openInvitation(params.token);
		redirect(303, href(`/sign-in?next=${encodeURIComponent(href(`/invitation/${params.token}`, locale()))}`));
	},
	accept: async ({ locals, params }) => {
		const invitation = await readInvitation(locals.supabase, params.token);
		if (!invitation) error(404, m.registration_delegation_invited_unknown());
		const answer = await acceptInvitation(locals.supabase, params.token);
		forgetViewer(locals.token);
		// The page itself says what is in the way: another registration, another address, withdrawn, expired.
		const back = () => `/invitation/${params.token}`;
		const to = byStatus(answer, {
			ok: () => `/${invitation.summit}/register/1`,
			already: () => `/${invitation.summit}/me?done=nominated`,
			elsewhere: back,
			not_yours: back,
			not_open: back,
			used: back,
			expired: back,
			revoked: back,
			not_found: () => error(404, m.registration_delegation_invited_unknown())
		});
		redirect(303, href(to));
	}
};
