import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { readCall } from '#lib/proposals/server/call.ts';
import { myProposals, startProposal } from '#lib/proposals/server/proposals.ts';
import { readReviews } from '#lib/proposals/server/reviews.ts';
import { fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase, viewer } = locals;
	const [call, mine, reviews] = await Promise.all([
		readCall(supabase, summit.id),
		viewer ? myProposals(supabase, summit.id) : [],
		viewer ? readReviews(supabase, summit.id) : null
	]);
	return {
		call,
		mine,
		reviews: reviews?.rows.filter(({ mine: review }) => review !== 'sent').length ?? null,
		done: url.searchParams.get('done')
	};
};

export const actions: Actions = {
	start: async ({ locals, params }) => {
		const { summit, supabase, viewer } = locals;
		const path = `/${params.summit}/propose`;
		if (!viewer) redirect(303, href(`/sign-in?next=${encodeURIComponent(href(path))}`));
		const started = await startProposal(supabase, summit.id);
		if (started.status === 'ok') redirect(303, href(`${path}/${started.id}`));
		const words = { too_many: m.proposals_too_many, closed: m.proposals_is_closed, not_allowed: m.proposals_is_closed };
		return fail(409, { form: { values: {}, issues: [{ path: '', message: words[started.status]() }] } });
	}
};
