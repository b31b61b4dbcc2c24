import type { AnswerOf } from '#lib/database/calls.ts';
import { checkbox, id, list, optionalText, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { movedSentence, pooledCategories } from '#lib/members/pools.ts';
import { moveToPool, poolPageSize, readPools, removePool, savePool } from '#lib/members/server/pools.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const uuid = v.pipe(v.string(), v.uuid());

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const asked = url.searchParams.get('pool');
	const page = Math.min(Math.max(Math.trunc(Number(url.searchParams.get('page') ?? 1)) || 1, 1), 10_000);
	const pool = v.is(uuid, asked) ? asked : null;
	const pools = await readPools(supabase, summit.id, pool, page);
	if (!pools) error(403, m.ui_forbidden());
	const open = pools.pools.find((one) => one.id === pool) ?? null;
	return { ...pools, open, page, pages: Math.max(1, Math.ceil(pools.total / poolPageSize)) };
};

const seats = { in_person: wholeNumber(0, 100_000), virtual: wholeNumber(0, 100_000), outside: checkbox() };

function refused(saved: Exclude<AnswerOf<'save_pool'>, { status: 'ok' }>) {
	const [path, words] =
		saved.status === 'name_taken'
			? ['name', 'This category has a pool of that name.']
			: saved.status === 'below_use'
				? ['', `Seats that are out would be stranded: ${saved.detail}. Move people first.`]
				: ['', 'This is not possible as things stand.'];
	return refuse(path, words);
}

const addSchema = v.object({ category: v.picklist(pooledCategories), name: requiredText(80), ...seats });
const changeSchema = v.object({ pool: id(), name: requiredText(80), ...seats });
const moveSchema = v.object({ to: optionalText(36), 'ids[]': list(id()) });

export const actions: Actions = {
	add: formAction('add', addSchema, async (input, { locals }) => {
		const { summit, supabase } = locals;
		const saved = await savePool(supabase, summit.id, null, input);
		return saved.status === 'ok' ? { done: 'The pool is added.' } : refused(saved);
	}),
	change: formAction('change', changeSchema, async ({ pool, ...fields }, { locals }) => {
		const { summit, supabase } = locals;
		const saved = await savePool(supabase, summit.id, pool, fields);
		return saved.status === 'ok' ? { done: 'The pool is saved.' } : refused(saved);
	}),
	remove: formAction('change', v.object({ pool: id() }), async ({ pool }, { locals }) => {
		const { summit, supabase } = locals;
		const status = await removePool(supabase, summit.id, pool);
		if (status === 'ok') return { done: 'The pool is removed.' };
		const words =
			status === 'in_use' ? 'Somebody is or was in it: it stays. Set its seats to 0.' : 'It is gone already.';
		return refuse('', words);
	}),
	move: formAction('move', moveSchema, async ({ to, 'ids[]': ids }, { locals }) => {
		const { summit, supabase } = locals;
		if (ids.length === 0) return refuse('', 'Choose whom to move.', 422);
		if (!v.is(uuid, to)) return refuse('to', 'Choose where to.', 422);
		const { text, good } = movedSentence(await moveToPool(supabase, summit.id, ids, to));
		return good ? { done: text } : refuse('', text);
	})
};
