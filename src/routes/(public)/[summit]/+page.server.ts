import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import { readLanding } from '../landing.ts';
import type { PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = async ({ locals }) => {
	const landing = await readLanding(locals);
	if (!landing) error(404, m.ui_not_found());
	return { landing };
};
