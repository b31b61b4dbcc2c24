import { byStatus } from '#lib/database/by-status.ts';
import { id, optionalText, requiredLines } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
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
	reason: requiredLines(1000, () => 'Say why, in a sentence.'),
	until: v.optional(v.union([v.literal(''), v.pipe(v.string(), v.isoDate('Enter a day.'))]), '')
});

export const actions: Actions = {
	hold: formAction('hold', hold, async (input, { locals, params }) => {
		const { summit } = locals;
		const isPerson = input.what === 'person';
		if (isPerson && !input.reference) return refuse('reference', 'Enter the reference of their registration.', 422);
		if (!isPerson && !input.class) return refuse('class', 'Choose a class of data.', 422);
		const until = input.until ? endOfDay(input.until, summit.zone) : null;
		if (until !== null && until <= new Date().toISOString()) return refuse('until', 'Choose a day in the future.', 422);
		const status = await placeHold(locals.supabase, {
			summit: summit.id,
			class: isPerson ? '' : input.class,
			reference: isPerson ? input.reference : '',
			reason: input.reason,
			until
		});
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/settings/retention?done=held`,
			unknown: () => refuse('reference', 'Nobody has a registration with this reference.'),
			invalid: () => refuse('', 'Nothing was held. Check what you entered.', 422),
			not_allowed: () => refuse('', 'Only owners and safeguarding leads place a hold.')
		});
	}),
	end: formAction('end', v.object({ id: id() }), async (input, { locals, params }) => {
		const status = await endHold(locals.supabase, input.id);
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/settings/retention?done=ended`,
			not_found: () => refuse('', 'This hold has ended already.')
		});
	})
};
