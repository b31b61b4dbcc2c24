import { m } from '#lib/i18n/messages.ts';
import { checkBooks } from '#lib/payments/server/money.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const books = await checkBooks(locals.supabase, locals.summit.id);
	if (!books) error(403, m.ui_forbidden());
	return { books };
};
