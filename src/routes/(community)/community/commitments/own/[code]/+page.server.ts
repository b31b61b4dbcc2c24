import { askSchema, draftFields, draftSchema, revokeSchema, withdrawSchema } from '#lib/commitments/forms.ts';
import {
	askAgreement,
	readOwnCommitments,
	revokeLink,
	saveCommitment,
	withdrawCommitment
} from '#lib/commitments/server/commitments.ts';
import { findPartners } from '#lib/commitments/server/partners.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { acted, formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { error, type RequestEvent } from '@sveltejs/kit';
import type { Actions, PageServerLoad, RouteParams } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { members, themes, commitments } = await readOwnCommitments(locals.supabase);
	const commitment = commitments.find(({ code }) => code === params.code) ?? null;
	if (members.length === 0 || (!commitment && params.code !== 'new')) error(404, m.ui_not_found());
	return { members, themes, countries: sortedCountries(), commitment, saved: url.searchParams.has('saved') };
};

const gone = () => refuse('', m.commitments_gone());
const limited = () => refuse('', m.commitments_limited());
const invalid = () => refuse('', m.commitments_invalid(), 422);

const saving = async ({ locals, params }: RequestEvent<RouteParams>) => {
	const { commitments } = await readOwnCommitments(locals.supabase);
	const before = commitments.find(({ code }) => code === params.code) ?? null;
	if (!before && params.code !== 'new') notFound();
	return { schema: draftSchema(before), name: 'save', before };
};

export const actions: Actions = {
	save: formAction(saving, async (input, { locals }, _, { before }) => {
		const { member, version } = input;
		// The Summit of a commitment stays, also when it is archived.
		const summit = before?.summit_id ?? input.summit;
		const partners = await findPartners(locals.supabase, summit, input.partners);
		if ('unknown' in partners)
			return refuse('partners', m.commitments_partner_unknown({ name: partners.unknown }), 422);
		const fields = draftFields(input, before, partners.ids);
		const saved = { commitment: before?.id ?? null, member, summit, version, fields };
		return byStatus(await saveCommitment(locals.supabase, saved), {
			ok: ({ code }) => `/community/commitments/own/${code}?saved`,
			not_found: notFound,
			invalid,
			conflict: gone,
			closed: gone,
			limited
		});
	}),
	ask: formAction(
		(_, data) => ({ schema: askSchema, name: `ask-${String(data.get('member'))}` }),
		async ({ commitment, version, member, address }, event) =>
			byStatus(await askAgreement(event.locals.supabase, commitment, version, { member, address }), {
				ok: () => acted(event),
				not_found: notFound,
				invalid,
				conflict: gone,
				wrong_state: gone,
				reason_needed: invalid,
				limited
			})
	),
	revoke: formAction('revoke', revokeSchema, async ({ commitment, member }, event) =>
		byStatus(await revokeLink(event.locals.supabase, commitment, member), {
			ok: () => acted(event),
			not_found: notFound
		})
	),
	withdraw: formAction('withdraw', withdrawSchema, async ({ commitment, reason }, event) =>
		byStatus(await withdrawCommitment(event.locals.supabase, commitment, reason), {
			ok: () => acted(event),
			not_found: notFound,
			invalid,
			conflict: gone,
			wrong_state: gone,
			reason_needed: invalid,
			limited
		})
	)
};
