import { holdsRole } from '#lib/accounts/viewer.ts';
import { checkpointKinds } from '#lib/door/checkpoint.ts';
import { listAllCheckpoints, saveCheckpoint } from '#lib/door/server/desk.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, list, optionalId, optionalText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { categories } from '#lib/registration/registration.ts';
import { instantOf, localTimeOf } from '#lib/summits/local-time.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const checkpoints = await listAllCheckpoints(locals.supabase, summit.id);
	const shown = (iso: string | null) => (iso === null ? '' : localTimeOf(iso, summit.zone));
	return {
		/** Programme organisers make the doors of single sessions, and no others. */
		all: holdsRole(locals.viewer, summit.id, 'registration'),
		checkpoints: checkpoints.map((each) => ({ ...each, opens: shown(each.opens_at), closes: shown(each.closes_at) }))
	};
};

const local = v.pipe(
	v.optional(v.string(), ''),
	v.regex(/^(\d{4}-\d\d-\d\dT\d\d:\d\d)?$/, () => m.door_organise_wrong_time())
);
const schema = v.object({
	checkpoint: optionalId(),
	kind: v.optional(v.picklist(checkpointKinds), 'other'),
	name: optionalText(80),
	session: optionalText(20),
	capacity: v.pipe(
		v.optional(v.string(), ''),
		v.trim(),
		v.regex(/^\d{0,6}$/, () => m.door_organise_wrong_number_or_none())
	),
	position: v.pipe(
		v.optional(v.string(), '100'),
		v.trim(),
		v.regex(/^\d{1,4}$/, () => m.door_organise_wrong_number())
	),
	both_ways: checkbox(),
	ended: checkbox(),
	'categories[]': list(v.picklist(categories)),
	opens: local,
	closes: local
});

export const actions: Actions = {
	default: formAction(schema, async (input, { locals, params }) => {
		const { checkpoint, capacity, position, opens, closes, 'categories[]': passing, ...rest } = input;
		const { summit } = locals;
		const at = (time: string) => (time === '' ? null : instantOf(time, summit.zone));
		const saved = await saveCheckpoint(locals.supabase, summit.id, checkpoint || null, {
			...rest,
			capacity: capacity === '' ? null : Number(capacity),
			position: Number(position),
			categories: passing,
			opens_at: at(opens),
			closes_at: at(closes)
		});
		const refused = () => refuse('', m.door_organise_refused());
		return byStatus(saved, {
			ok: () => `/${params.summit}/organise/door/checkpoints?done=saved`,
			invalid: refused,
			not_found: refused,
			not_allowed: () => error(403)
		});
	})
};
