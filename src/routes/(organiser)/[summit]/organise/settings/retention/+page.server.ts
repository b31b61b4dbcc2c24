import { byStatus } from '#lib/database/by-status.ts';
import { id, optionalText, requiredLines } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import { m } from '#lib/i18n/messages.ts';
import { endHold, placeHold, readRetention } from '#lib/privacy/server/retention.ts';
import { endOfDay } from '#lib/summits/local-time.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase, viewer } = locals;
	const forAll = url.searchParams.get('for') === 'all';
	return {
		forAll,
		retention: (await readRetention(supabase, summit.id, forAll)) ?? error(403),
		maySetForAll: holdsRole(viewer, null, 'owner')
	};
};

const hold = v.object({
	what: v.picklist(['class', 'person']),
	class: optionalText(40),
	reference: optionalText(20),
	reason: requiredLines(1000, () => m.privacy_hold_why_missing()),
	until: v.optional(
		v.union([
			v.literal(''),
			v.pipe(
				v.string(),
				v.isoDate(() => m.privacy_hold_day_missing())
			)
		]),
		''
	)
});

export const actions: Actions = {
	hold: formAction('hold', hold, async (input, { locals, params }) => {
		const { summit } = locals;
		const isPerson = input.what === 'person';
		if (isPerson && !input.reference) return refuse('reference', m.privacy_hold_reference_missing(), 422);
		if (!isPerson && !input.class) return refuse('class', m.privacy_hold_class_missing(), 422);
		const until = input.until ? endOfDay(input.until, summit.zone) : null;
		if (until !== null && until <= new Date().toISOString()) return refuse('until', m.privacy_hold_day_past(), 422);
		const status = await placeHold(locals.supabase, {
			summit: summit.id,
			class: isPerson ? '' : input.class,
			reference: isPerson ? input.reference : '',
			reason: input.reason,
			until
		});
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/settings/retention?done=held`,
			unknown: () => refuse('reference', m.privacy_hold_unknown()),
			invalid: () => refuse('', m.privacy_hold_invalid(), 422),
			not_allowed: () => refuse('', m.privacy_hold_not_allowed())
		});
	}),
	end: formAction('end', v.object({ id: id() }), async (input, { locals, params }) => {
		const status = await endHold(locals.supabase, input.id);
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/settings/retention?done=ended`,
			not_found: () => refuse('', m.privacy_hold_ended_before())
		});
	})
};
