import { takeAnnouncements } from '#lib/announcements/server/announcements.ts';
import { isLocale, locale } from '#lib/i18n/locale.ts';
import { error, json } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

/**
 * The reader's announcements at the Summit in `?summit=` that they have not dismissed, for a page that is open in
 * `?language=`.
 */
export const GET: RequestHandler = async ({ url, locals }) => {
	const summit = url.searchParams.get('summit');
	if (!v.is(v.pipe(v.string(), v.uuid()), summit)) error(400, 'Name the Summit: ?summit=…');
	const person = locals.viewer?.personId;
	const asked = url.searchParams.get('language') ?? '';
	const language = isLocale(asked) ? asked : locale();
	return json(person ? await takeAnnouncements(person, summit, language) : [], {
		headers: { 'cache-control': 'no-store' }
	});
};
