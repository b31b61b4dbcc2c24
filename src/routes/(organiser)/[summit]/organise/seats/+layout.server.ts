import { holdsRole } from '#lib/accounts/viewer.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }) => {
	return { mayChange: holdsRole(locals.viewer, locals.summit.id, 'registration') };
};
