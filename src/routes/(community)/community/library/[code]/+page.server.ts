import { readItem, readWithdrawn } from '#lib/library/server/library.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase }, params, url }) => {
	const version = url.searchParams.get('version') ?? '';
	const number = /^[1-9]\d{0,3}$/.test(version) ? Number(version) : null;
	const item = await readItem(supabase, params.code, number);
	const withdrawn = item ? null : await readWithdrawn(supabase, params.code);
	if (!item && !withdrawn) error(404, m.ui_not_found());
	return { item, withdrawn };
};
