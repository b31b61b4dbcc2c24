import { readOwnCommitments } from '#lib/commitments/server/commitments.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const own = await readOwnCommitments(locals.supabase);
	if (own.members.length === 0) error(404, m.ui_not_found());
	return { commitments: own.commitments };
};
