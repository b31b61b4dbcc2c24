import { byStatus } from '#lib/database/by-status.ts';
import { id, list, optionalLines, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { caseCategories } from '#lib/safeguarding/cases.ts';
import { addDuty, endDuty, readDuties } from '#lib/safeguarding/server/duties.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** To which authorities of the venue's country cases must be reported. */
export const load: PageServerLoad = async ({ locals: { supabase, summit }, setHeaders }) => {
	const duties = await readDuties(supabase, summit.id);
	if (!duties) error(403, m.ui_forbidden());
	setHeaders({ 'cache-control': 'no-store' });
	return { duties };
};

const adding = v.object({
	authority: requiredText(200),
	address: optionalLines(1000),
	hours: wholeNumber(1, 720),
	'categories[]': v.pipe(
		list(v.picklist(caseCategories)),
		v.minLength(1, () => m.safeguarding_duty_kinds_missing())
	),
	note: optionalLines(2000)
});
const gone = () => error(403, m.ui_forbidden());

export const actions: Actions = {
	add: formAction('add', adding, async ({ 'categories[]': kinds, ...duty }, { locals: { supabase, summit } }) =>
		byStatus(await addDuty(supabase, summit.id, { ...duty, categories: kinds }), {
			ok: () => ({ done: m.safeguarding_added() }),
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			not_allowed: gone
		})
	),
	end: formAction('end', v.object({ duty: id() }), async ({ duty }, { locals }) =>
		byStatus(await endDuty(locals.supabase, duty), {
			ok: () => ({ done: m.safeguarding_duty_ended() }),
			not_found: () => refuse('', m.safeguarding_duty_ended_before())
		})
	)
};
