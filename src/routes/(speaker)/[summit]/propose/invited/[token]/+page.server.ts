import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { forgetViewer } from '#lib/accounts/server/viewers.ts';
import { answerProposalInvitation, readProposalInvitation } from '#lib/proposals/server/proposals.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
	// The link is a secret, so no cache may store the page.
	setHeaders({ 'cache-control': 'no-store' });
	const invitation = await readProposalInvitation(locals.supabase, params.token);
	if (!invitation || invitation.summit !== params.summit) error(404, m.proposals_invited_unknown());
	return { invitation };
};

async function answer(locals: App.Locals, params: { summit: string; token: string }, accept: boolean): Promise<never> {
	const answer = await answerProposalInvitation(locals.supabase, params.token, accept);
	forgetViewer(locals.token);
	const base = `/${params.summit}/propose`;
	if ((answer.status === 'ok' && accept) || answer.status === 'already')
		redirect(303, href(`${base}/${answer.proposal_id}`));
	if (answer.status === 'ok') redirect(303, href(`${base}?done=declined`));
	if (answer.status === 'not_found') error(404, m.proposals_invited_unknown());
	// The page itself shows the other results.
	redirect(303, href(`${base}/invited/${params.token}`));
}

export const actions: Actions = {
	// Mail scanners follow links, so only a form submission continues.
	open: ({ params }) => {
		const here = href(`/${params.summit}/propose/invited/${params.token}`, locale());
		redirect(303, href(`/sign-in?next=${encodeURIComponent(here)}`));
	},
	accept: ({ locals, params }) => answer(locals, params, true),
	decline: ({ locals, params }) => answer(locals, params, false)
};
