import { holdsRole } from '#lib/accounts/viewer.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }) => {
	const mayKeep = holdsRole(locals.viewer, locals.summit.id, 'registration');
	return { mayKeep, mayHost: mayKeep || holdsRole(locals.viewer, locals.summit.id, 'safeguarding') };
};
