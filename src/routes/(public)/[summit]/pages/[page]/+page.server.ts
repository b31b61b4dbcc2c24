import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { pagePath } from '#lib/pages/page.ts';
import { error, redirect } from '@sveltejs/kit';
import { readPage } from '../../../pages.ts';
import type { PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = async ({ locals, params }) => {
	const { summit, viewer } = locals;
	const found = await readPage(locals, summit.id, params.page);
	if (!found) error(404, m.ui_not_found());
	const path = pagePath(summit.slug, found);
	// The privacy notice and the accessibility statement have addresses of their own.
	if (path !== `/${summit.slug}/pages/${params.page}`) redirect(308, href(path));
	return { found, rooms: summit.rooms, reader: viewer?.timeZone ?? null };
};
