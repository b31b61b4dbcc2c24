import { checkbox, id, list, optionalText, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { movedSentence, pooledCategories } from '#lib/members/pools.ts';
import { moveToPool, poolPageSize, readPools, removePool, savePool } from '#lib/members/server/pools.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const uuid = v.pipe(v.string(), v.uuid());

function here(locals: App.Locals) {
	const { summit, supabase } = locals;
	return { summit, supabase };
}

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = here(locals);
	const asked = url.searchParams.get('pool');
	const page = Math.min(Math.max(Math.trunc(Number(url.searchParams.get('page') ?? 1)) || 1, 1), 10_000);
	const pool = v.is(uuid, asked) ? asked : null;
	const pools = await readPools(supabase, summit.id, pool, page);
	if (!pools) error(403, m.shell_forbidden());
	const open = pools.pools.find((one) => one.id === pool) ?? null;
	return { ...pools, open, page, pages: Math.max(1, Math.ceil(pools.total / poolPageSize)) };
};

const seats = { in_person: wholeNumber(0, 100_000), virtual: wholeNumber(0, 100_000), outside: checkbox() };

function refused(form: FormResult, saved: { status: string; detail?: string }) {
	const [path, words] =
		saved.status === 'name_taken'
			? ['name', 'This category has a pool of that name.']
			: saved.status === 'below_use'
				? ['', `Seats that are out would be stranded: ${saved.detail ?? ''}. Move people first.`]
				: ['', 'This is not possible as things stand.'];
	return fail(409, { form: withIssue(form, path, words) });
}

export const actions: Actions = {
	add: async ({ locals, request }) => {
		const { summit, supabase } = here(locals);
		const schema = v.object({ category: v.picklist(pooledCategories), name: requiredText(80), ...seats });
		const parsed = parseForm(await request.formData(), schema, 'add');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const saved = await savePool(supabase, summit.id, null, parsed.output);
		return saved.status === 'ok' ? { done: 'The pool is added.' } : refused(parsed.form, saved);
	},
	change: async ({ locals, request }) => {
		const { summit, supabase } = here(locals);
		const parsed = parseForm(
			await request.formData(),
			v.object({ pool: id(), name: requiredText(80), ...seats }),
			'change'
		);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { pool, ...fields } = parsed.output;
		const saved = await savePool(supabase, summit.id, pool, fields);
		return saved.status === 'ok' ? { done: 'The pool is saved.' } : refused(parsed.form, saved);
	},
	remove: async ({ locals, request }) => {
		const { summit, supabase } = here(locals);
		const parsed = parseForm(await request.formData(), v.object({ pool: id() }), 'change');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await removePool(supabase, summit.id, parsed.output.pool);
		if (status === 'ok') return { done: 'The pool is removed.' };
		const words =
			status === 'in_use' ? 'Somebody is or was in it: it stays. Set its seats to 0.' : 'It is gone already.';
		return fail(409, { form: withIssue(parsed.form, '', words) });
	},
	move: async ({ locals, request }) => {
		const { summit, supabase } = here(locals);
		const parsed = parseForm(await request.formData(), v.object({ to: optionalText(36), 'ids[]': list(id()) }), 'move');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { to, 'ids[]': ids } = parsed.output;
		if (ids.length === 0) return fail(422, { form: withIssue(parsed.form, '', 'Choose whom to move.') });
		if (!v.is(uuid, to)) return fail(422, { form: withIssue(parsed.form, 'to', 'Choose where to.') });
		const { text, good } = movedSentence(await moveToPool(supabase, summit.id, ids, to));
		return good ? { done: text } : fail(409, { form: withIssue(parsed.form, '', text) });
	}
};
