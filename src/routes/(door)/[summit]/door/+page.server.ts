import { holdsRole } from '#lib/accounts/viewer.ts';
import { theBadgeKeys } from '#lib/door/server/badge-key.ts';
import { checkAtDoor, countAtDoor, findAtDoor, listCheckpoints, undoScan } from '#lib/door/server/check.ts';
import { id, optionalId, optionalText, requiredText } from '#lib/forms/fields.ts';
import { formAction } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, setHeaders }) => {
	const { summit, supabase, viewer } = locals;
	setHeaders({ 'cache-control': 'no-store' });
	const [count, checkpoints, { published }] = await Promise.all([
		countAtDoor(supabase, summit.id),
		listCheckpoints(supabase, summit.id),
		theBadgeKeys()
	]);
	const { id: summitId, zone, starts_on, ends_on } = summit;
	return {
		count,
		checkpoints,
		place: { id: summitId, zone, starts_on, ends_on, keys: published },
		searches: viewer !== null && holdsRole(viewer, summitId, 'registration')
	};
};

const check = v.object({
	code: requiredText(400, () => m.door_missing()),
	checkpoint: optionalId(),
	direction: v.optional(v.picklist(['in', 'out']), 'in')
});

const undoSchema = v.object({ scan: id(), checkpoint: optionalText() });

export const actions: Actions = {
	check: formAction('check', check, async ({ code, checkpoint, direction }, { locals }) => {
		const { summit } = locals;
		const at = { checkpoint: checkpoint || null, direction };
		return { verdict: await checkAtDoor(locals.supabase, summit, code, at, Date.now()), ...at };
	}),
	undo: formAction('undo', undoSchema, async ({ scan, checkpoint }, { locals }) => {
		const { summit } = locals;
		return { undone: await undoScan(locals.supabase, summit.id, scan), checkpoint };
	}),
	search: formAction('search', v.object({ name: requiredText(80) }), async ({ name }, { locals }) => {
		const { summit } = locals;
		return { found: (await findAtDoor(locals.supabase, summit.id, name)) ?? error(403) };
	})
};
