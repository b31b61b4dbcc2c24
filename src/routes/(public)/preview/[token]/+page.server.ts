import { placeOf } from '#lib/agenda/place.ts';
import { readPreview } from '#lib/agenda/server/previews.ts';
import { previewView } from '#lib/agenda/reader-preview.ts';
import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

// Nothing of it runs in a browser, and nothing of it is kept.
export const csr = false;

export const load: PageServerLoad = async ({ params, url, setHeaders }) => {
	const preview = (await readPreview(params.token)) ?? error(404, m.ui_not_found());
	const { summit, sessions, role, language, expires_at } = preview;
	// The link was made for one language; a reader of another address is led to it.
	if (language !== locale()) {
		redirect(307, href(`/preview/${params.token}${url.search}`, language));
	}
	setHeaders({ 'cache-control': 'private, no-store', 'x-robots-tag': 'noindex, nofollow' });
	const isPhone = url.searchParams.get('width') === 'phone';
	const place = { ...placeOf(summit, null), isPreview: true };
	const view = previewView(sessions, place, summit.rooms, { day: url.searchParams.get('day'), isPhone });
	return { name: summit.name, rooms: summit.rooms, role, expires_at, isPhone, place, view };
};
