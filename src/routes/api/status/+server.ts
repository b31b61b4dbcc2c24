import { isId } from '#lib/forms/ids.ts';
import { dismissedCookie } from '#lib/status/notices.ts';
import { bannersFor } from '#lib/status/server/status.ts';
import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** An open page waits longer than one that is being made, because it asks again only after the next change. */
const waitsMs = 15_000;

/** The banners of the Summit in `?summit=`, and of the whole site, for a page that is open. Made of what the process knows. */
export const GET: RequestHandler = async ({ url, cookies }) => {
	const summit = url.searchParams.get('summit');
	return json(await bannersFor(isId(summit) ? summit : null, cookies.get(dismissedCookie), waitsMs), {
		headers: { 'cache-control': 'no-store' }
	});
};
