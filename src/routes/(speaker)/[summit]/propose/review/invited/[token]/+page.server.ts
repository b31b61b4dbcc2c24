import { forgetViewer } from '#lib/accounts/server/viewers.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { answerReviewerInvitation, readReviewerInvitation } from '#lib/proposals/server/reviewers.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
	// The link is a secret, so no cache may store the page.
	setHeaders({ 'cache-control': 'no-store' });
	const invitation = await readReviewerInvitation(locals.supabase, params.token);
	if (!invitation || invitation.summit !== params.summit) error(404, m.proposals_invited_unknown());
	return { invitation };
};

async function answer(locals: App.Locals, params: { summit: string; token: string }, accept: boolean): Promise<never> {
	const status = await answerReviewerInvitation(locals.supabase, params.token, accept);
	forgetViewer(locals.token);
	// The page itself says what is in the way.
	const back = () => `/${params.summit}/propose/review/invited/${params.token}`;
	const to = byStatus(status, {
		ok: () => (accept ? `/${params.summit}/propose/review` : back()),
		not_yours: back,
		accepted: back,
		declined: back,
		withdrawn: back,
		expired: back,
		not_found: () => error(404, m.proposals_invited_unknown())
	});
	redirect(303, href(to));
}

export const actions: Actions = {
	// Mail scanners follow links, so only a form submission continues.
	open: ({ params }) => {
		const here = href(`/${params.summit}/propose/review/invited/${params.token}`, locale());
		redirect(303, href(`/sign-in?next=${encodeURIComponent(here)}`));
	},
	accept: ({ locals, params }) => answer(locals, params, true),
	decline: ({ locals, params }) => answer(locals, params, false)
};
