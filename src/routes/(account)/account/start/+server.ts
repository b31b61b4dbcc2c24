import { holdsRole, holdsUnconfirmed, organiserRoles } from '#lib/accounts/viewer.ts';
import { href } from '#lib/i18n/locale.ts';
import { listSummits } from '#lib/summits/server/settings.ts';
import { redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/**
 * Where somebody goes after signing in, if they were on the way to nowhere: staff to their work at the current Summit, or
 * at another one of theirs; an owner without any Summit to the page that makes one; everybody else to the first page.
 */
export const GET: RequestHandler = async ({ locals }) => {
	const { viewer, shownSummit: current, supabase } = locals;
	const holds = (summitId: string | null, ...roles: string[]) =>
		viewer !== null && (holdsRole(viewer, summitId, ...roles) || holdsUnconfirmed(viewer, summitId, ...roles));
	if (current && holds(current.id, ...organiserRoles)) redirect(303, href(`/${current.slug}/organise`));
	if (current && holds(current.id, 'door')) redirect(303, href(`/${current.slug}/door`));
	if (viewer?.roles.some(({ role }) => role !== 'door')) {
		const [newest] = await listSummits(supabase);
		if (newest) redirect(303, href(`/${newest.slug}/organise`));
	}
	if (!current && holds(null, 'owner')) redirect(303, href('/organise/new'));
	redirect(303, href('/'));
};
