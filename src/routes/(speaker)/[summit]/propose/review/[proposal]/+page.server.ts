import { byStatus } from '#lib/database/by-status.ts';
import { optionalLines, requiredLines } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { declareConflict, discussProposal, readReview, saveReview } from '#lib/proposals/server/reviews.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const uuid = v.pipe(v.string(), v.uuid());

async function requireReview(locals: App.Locals, proposal: string) {
	const review = v.is(uuid, proposal) ? await readReview(locals.supabase, proposal) : null;
	if (!review) error(404, m.ui_not_found());
	return review;
}

export const load: PageServerLoad = async ({ locals, params, url }) => ({
	review: await requireReview(locals, params.proposal),
	done: url.searchParams.get('done')
});

const conflictSchema = v.object({ reason: optionalLines(500) });

async function reviewForm({ locals, params }: RequestEvent) {
	const review = await requireReview(locals, params.proposal);
	const criteria = review.status === 'ok' ? review.criteria : [];
	const score = v.optional(v.pipe(v.string(), v.regex(/^[0-5]$/), v.transform(Number)));
	const schema = v.object({
		version: v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number)),
		comment: optionalLines(4000),
		send: v.optional(v.string()),
		...Object.fromEntries(criteria.map(({ id }) => [`score_${id}`, score]))
	} as v.ObjectEntries);
	return { criteria, name: 'review', schema };
}

export const actions: Actions = {
	review: formAction(reviewForm, async (output, { locals, params }, _, { criteria }) => {
		const scores = Object.fromEntries(
			criteria.flatMap(({ id }) => {
				const given = output[`score_${id}`];
				return typeof given === 'number' ? [[id, given]] : [];
			})
		);
		const send = output['send'] !== undefined;
		const values = { scores, comment: String(output['comment']), send, version: Number(output['version']) };
		const status = await saveReview(locals.supabase, { proposal: params.proposal, ...values });
		const here = `/${params.summit}/propose/review/${params.proposal}`;
		return byStatus(status, {
			ok: () => `${here}?done=${send ? 'sent' : 'kept'}`,
			incomplete: () => refuse('', m.proposals_review_incomplete()),
			changed_meanwhile: () => refuse('', m.proposals_review_changed()),
			closed: () => refuse('', m.proposals_review_closed()),
			conflict: () => refuse('', m.proposals_review_conflict()),
			invalid: () => refuse('', m.ui_form_wrong()),
			not_found: notFound
		});
	}),
	discuss: formAction('discuss', v.object({ body: requiredLines(2000) }), async ({ body }, { locals, params }) => {
		const status = await discussProposal(locals.supabase, params.proposal, body);
		const wrong = () => refuse('body', m.ui_form_wrong());
		return byStatus(status, {
			ok: () => `/${params.summit}/propose/review/${params.proposal}#discussion`,
			invalid: wrong,
			limited: wrong,
			not_found: notFound
		});
	}),
	conflict: formAction('conflict', conflictSchema, async ({ reason }, { locals, params }) => {
		const status = await declareConflict(locals.supabase, params.proposal, reason);
		if (status !== 'ok') error(404, m.ui_not_found());
		return `/${params.summit}/propose/review`;
	})
};
