import { m } from '#lib/i18n/messages.ts';
import { findView } from '#lib/recording/server/recorder.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** The page that records one run, opened only by a browser of the server itself. */
export const load: PageServerLoad = async ({ params, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
	if (!(await findView(params.key))) error(404, m.ui_not_found());
	return {};
};
