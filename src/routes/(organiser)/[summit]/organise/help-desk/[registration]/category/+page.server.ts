import { optionalText, requiredLines } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { categoryRefusal, isPossible } from '#lib/help-desk/category.ts';
import { changeCategory, previewCategory } from '#lib/help-desk/server/category.ts';
import { m } from '#lib/i18n/messages.ts';
import { categories } from '#lib/registration/registration.ts';
import * as v from 'valibot';
import { membersAtDesk, personOf } from '../../reading.ts';
import type { Actions, PageServerLoad } from './$types';

/** The chosen values are in the address, so that the preview works without script. */
export const load: PageServerLoad = async (event) => {
	const { registration, summit, supabase } = await personOf(event);
	const category = categories.find((known) => known === event.url.searchParams.get('as')) ?? null;
	const given = event.url.searchParams.get('member') ?? '';
	const member = isId(given) ? given : null;
	const [members, preview] = await Promise.all([
		membersAtDesk(event.locals, summit.id),
		category && previewCategory(supabase, registration.id, { category, member })
	]);
	return { registration, members, category, member, preview };
};

const schema = v.object({
	as: v.picklist(categories),
	member: optionalText(36),
	version: v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number)),
	reason: requiredLines(200, m.help_desk_why_missing)
});

export const actions: Actions = {
	default: formAction(schema, async ({ as: category, member, version, reason }, event) => {
		const { registration, supabase } = await personOf(event);
		const newCategory = { category, member: isId(member) ? member : null };
		const change = await changeCategory(supabase, registration.id, newCategory, reason, version);
		if (!isPossible(change) && change.status !== 'proposed') return refuse('', categoryRefusal(change));
		// The text that the search page shows afterwards.
		const done = { ok: 'category', awaiting_payment: 'category_due', proposed: 'proposed' }[change.status];
		return `/${event.params.summit}/organise/help-desk?done=${done}&who=${registration.id}`;
	})
};
