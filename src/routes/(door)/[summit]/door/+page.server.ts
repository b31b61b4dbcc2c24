import { holdsRole } from '#lib/accounts/viewer.ts';
import { theBadgeKeys } from '#lib/door/server/badge-key.ts';
import { checkAtDoor, countAtDoor, findAtDoor, listCheckpoints, undoScan } from '#lib/door/server/check.ts';
import { id, optionalText, requiredText } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, fail } from '@sveltejs/kit';
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
	checkpoint: v.optional(v.union([v.literal(''), id()]), ''),
	direction: v.optional(v.picklist(['in', 'out']), 'in')
});

export const actions: Actions = {
	check: async ({ locals, request }) => {
		const { summit } = locals;
		const parsed = parseForm(await request.formData(), check, 'check');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { code, checkpoint, direction } = parsed.output;
		const at = { checkpoint: checkpoint || null, direction };
		return { verdict: await checkAtDoor(locals.supabase, summit, code, at, Date.now()), ...at };
	},
	undo: async ({ locals, request }) => {
		const { summit } = locals;
		const parsed = parseForm(await request.formData(), v.object({ scan: id(), checkpoint: optionalText() }), 'undo');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { scan, checkpoint } = parsed.output;
		return { undone: await undoScan(locals.supabase, summit.id, scan), checkpoint };
	},
	search: async ({ locals, request }) => {
		const { summit } = locals;
		const parsed = parseForm(await request.formData(), v.object({ name: requiredText(80) }), 'search');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		return { found: (await findAtDoor(locals.supabase, summit.id, parsed.output.name)) ?? error(403) };
	}
};
