import type { AnswerOf } from '#lib/database/calls.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, id, list, optionalText, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { movedSentence, pooledCategories } from '#lib/members/pools.ts';
import { moveToPool, poolPageSize, readPools, removePool, savePool } from '#lib/members/server/pools.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const uuid = v.pipe(v.string(), v.uuid());

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const asked = url.searchParams.get('pool');
	const page = pageNumber(url.searchParams);
	const pool = v.is(uuid, asked) ? asked : null;
	const pools = await readPools(supabase, summit.id, pool, page);
	if (!pools) error(403, m.ui_forbidden());
	const open = pools.pools.find((one) => one.id === pool) ?? null;
	return { ...pools, open, page, size: poolPageSize };
};

const seats = { in_person: wholeNumber(0, 100_000), virtual: wholeNumber(0, 100_000), outside: checkbox() };

function saved(answer: AnswerOf<'save_pool'>, done: string) {
	const notPossible = () => refuse('', m.members_pool_not_possible());
	return byStatus(answer, {
		ok: () => ({ done }),
		name_taken: () => refuse('name', m.members_pool_name_taken()),
		below_use: ({ detail }) => refuse('', m.members_pool_below_use({ detail })),
		invalid: notPossible,
		not_found: notPossible,
		not_allowed: notPossible
	});
}

const addSchema = v.object({ category: v.picklist(pooledCategories), name: requiredText(80), ...seats });
const changeSchema = v.object({ pool: id(), name: requiredText(80), ...seats });
const moveSchema = v.object({ to: optionalText(36), 'ids[]': list(id()) });

export const actions: Actions = {
	add: formAction('add', addSchema, async (input, { locals }) => {
		const { summit, supabase } = locals;
		return saved(await savePool(supabase, summit.id, null, input), m.members_pool_added());
	}),
	change: formAction('change', changeSchema, async ({ pool, ...fields }, { locals }) => {
		const { summit, supabase } = locals;
		return saved(await savePool(supabase, summit.id, pool, fields), m.members_pool_saved());
	}),
	remove: formAction('change', v.object({ pool: id() }), async ({ pool }, { locals }) => {
		const { summit, supabase } = locals;
		return byStatus(await removePool(supabase, summit.id, pool), {
			ok: () => ({ done: m.members_pool_removed() }),
			in_use: () => refuse('', m.members_pool_in_use()),
			not_found: () => refuse('', m.members_pool_gone())
		});
	}),
	move: formAction('move', moveSchema, async ({ to, 'ids[]': ids }, { locals }) => {
		const { summit, supabase } = locals;
		if (ids.length === 0) return refuse('', m.members_pool_move_whom(), 422);
		if (!v.is(uuid, to)) return refuse('to', m.members_pool_move_where(), 422);
		const { text, good } = movedSentence(await moveToPool(supabase, summit.id, ids, to));
		return good ? { done: text } : refuse('', text);
	})
};
