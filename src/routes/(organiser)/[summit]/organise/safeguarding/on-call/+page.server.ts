import { byStatus } from '#lib/database/by-status.ts';
import { id, optionalText, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { addShift, readOnCall, removeShift, saveOnCall, saveOnCallPhone } from '#lib/safeguarding/server/on-call.ts';
import { smsProvider } from '#lib/safeguarding/server/sms.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** The on-call rota, for the safeguarding leads of the Summit. */
export const load: PageServerLoad = async ({ locals: { supabase, summit }, setHeaders }) => {
	const rota = await readOnCall(supabase, summit.id);
	if (!rota) error(403, m.ui_forbidden());
	setHeaders({ 'cache-control': 'no-store' });
	return { rota, hasTexts: smsProvider() !== null };
};

const shift = v.object({
	person: id(),
	starts: requiredText(16),
	ends: requiredText(16),
	position: wholeNumber(1, 3)
});
const number = v.pipe(
	optionalText(20),
	v.transform((typed) => typed.replace(/[\s().-]/g, '')),
	v.regex(/^(?:\+[1-9]\d{6,14})?$/, () => m.safeguarding_phone_shape({ example: isolated('+598 2 555 0101') }))
);
const gone = () => error(403, m.ui_forbidden());

export const actions: Actions = {
	add: formAction('add', shift, async ({ person, starts, ends, position }, { locals: { supabase, summit } }) => {
		const [starts_at, ends_at] = [instantOf(starts, summit.zone), instantOf(ends, summit.zone)];
		if (starts_at === null || ends_at === null) return refuse('starts', m.ui_form_wrong(), 422);
		return byStatus(await addShift(supabase, summit.id, { person, starts_at, ends_at, position }), {
			ok: () => ({ done: m.safeguarding_added() }),
			taken: () => refuse('position', m.safeguarding_shift_taken()),
			invalid: () => refuse('ends', m.safeguarding_shift_times_wrong(), 422),
			not_allowed: gone
		});
	}),
	remove: formAction('remove', v.object({ shift: id() }), async ({ shift }, { locals }) =>
		byStatus(await removeShift(locals.supabase, shift), {
			ok: () => ({ done: m.safeguarding_removed() }),
			not_found: () => refuse('', m.safeguarding_removed_before())
		})
	),
	minutes: formAction(
		'minutes',
		v.object({ minutes: wholeNumber(2, 120) }),
		async ({ minutes }, { locals: { supabase, summit } }) =>
			byStatus(await saveOnCall(supabase, summit.id, minutes), {
				ok: () => ({ done: m.safeguarding_saved() }),
				invalid: () => refuse('minutes', m.ui_form_wrong(), 422),
				not_allowed: gone
			})
	),
	phone: formAction('phone', v.object({ number }), async ({ number }, { locals: { supabase, summit } }) =>
		byStatus(await saveOnCallPhone(supabase, summit.id, number), {
			ok: () => ({ done: number === '' ? m.safeguarding_phone_deleted() : m.safeguarding_phone_saved() }),
			invalid: () => refuse('number', m.ui_form_wrong(), 422),
			not_allowed: gone
		})
	)
};
