import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, wholeNumber } from '#lib/forms/fields.ts';
import { formActionsAbout, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { readRetention, setPeriod } from '#lib/privacy/server/retention.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function find({ locals, params, url }: Pick<RequestEvent, 'locals' | 'params' | 'url'>) {
	const forAll = url.searchParams.get('for') === 'all';
	const retention = await readRetention(locals.supabase, locals.summit.id, forAll);
	const found = retention?.classes.find(({ code }) => code === params.kind);
	if (!found || !retention?.may_set || found.min_days === found.max_days) return notFound();
	return { found, forAll };
}

export const load: PageServerLoad = async (event) => {
	const { found, forAll } = await find(event);
	return { one: found, forAll };
};

const about = formActionsAbout((event: RequestEvent) => find(event));
const schema = v.object({
	default: checkbox(),
	days: v.union([v.literal(''), wholeNumber(0, 3650)]),
	confirmed: checkbox()
});

export const actions: Actions = {
	default: about(undefined, schema, async (input, { locals, params }, form, { found, forAll }) => {
		const days = input.default ? null : input.days;
		if (days === '' || (days !== null && (days < found.min_days || days > found.max_days)))
			return refuse('days', m.ui_form_number({ least: found.min_days, most: found.max_days }), 422);
		const answer = await setPeriod(locals.supabase, {
			summit: forAll ? null : locals.summit.id,
			class: found.code,
			days,
			confirmed: input.confirmed
		});
		const back = (done: string) =>
			`/${params.summit}/organise/settings/retention?${forAll ? 'for=all&' : ''}done=${done}`;
		return byStatus(answer, {
			ok: ({ rows }) => back(rows > 0 ? 'planned' : 'changed'),
			confirm: ({ rows, effective_at }) => ({ form, confirm: { rows, at: effective_at } }),
			invalid: () => refuse('days', m.ui_form_number({ least: found.min_days, most: found.max_days }), 422),
			not_allowed: notFound
		});
	})
};
