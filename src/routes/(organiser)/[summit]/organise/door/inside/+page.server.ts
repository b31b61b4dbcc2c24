import { listCheckpoints } from '#lib/door/server/check.ts';
import { readInside } from '#lib/door/server/desk.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, setHeaders }) => {
	const { summit } = locals;
	setHeaders({ 'cache-control': 'no-store' });
	const [inside, checkpoints] = await Promise.all([
		readInside(locals.supabase, summit.id),
		listCheckpoints(locals.supabase, summit.id)
	]);
	return { inside: inside ?? error(403), checkpoints, at: Date.now() };
};
