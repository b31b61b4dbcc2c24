import { holdsRole } from '#lib/accounts/viewer.ts';
import { error } from '@sveltejs/kit';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }) => {
	if (!locals.summit) error(404);
	const mayKeep = holdsRole(locals.viewer, locals.summit.id, 'registration');
	return { mayKeep, mayHost: mayKeep || holdsRole(locals.viewer, locals.summit.id, 'safeguarding') };
};
