import { checkLetter } from '#lib/logistics/server/logistics.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, setHeaders }) => {
	const { summit, supabase } = locals;
	const code = (url.searchParams.get('code') ?? '').trim().slice(0, 40);
	setHeaders({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
	return { code, status: code === '' ? null : await checkLetter(supabase, summit.id, code) };
};
