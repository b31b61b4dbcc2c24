import { homePath } from '#lib/accounts/home.ts';
import { wasGranted } from '#lib/accounts/viewer.ts';
import { href } from '#lib/i18n/locale.ts';
import { listSummits } from '#lib/summits/server/settings.ts';
import { redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/**
 * Where somebody goes after signing in, if they were on the way to nowhere: to their work at the current Summit; staff of
 * another Summit there; an owner without any Summit to the page that makes one; everybody else to the first page.
 */
export const GET: RequestHandler = async ({ locals }) => {
	const { viewer, shownSummit: current, supabase } = locals;
	if (!viewer) redirect(303, href('/'));
	const home = current && homePath(viewer, current);
	if (home) redirect(303, href(home));
	if (viewer.roles.some(({ role }) => role !== 'door')) {
		const [newest] = await listSummits(supabase);
		if (newest) redirect(303, href(`/${newest.slug}/organise`));
	}
	redirect(303, href(!current && wasGranted(viewer, null, 'owner') ? '/organise/new' : '/'));
};
