import type { RequestHandler } from '@sveltejs/kit';

const feeds = new Set([
	'/(public)/[summit]/agenda.ics',
	'/(public)/[summit]/schedule.json',
	'/(public)/[summit]/schedule.xml',
	'/(public)/[summit]/embed/agenda',
	'/(community)/community/commitments/embed',
	'/(community)/community/commitments/feed.xml',
	'/(community)/community/commitments/register.csv',
	'/(community)/community/commitments/register.json'
]);

/**
 * Scripts of other sites may read the public agenda, errors and empty answers too. It contains what a signed-out reader sees,
 * whatever cookies the request has; personal content, by cookie or by token, is never open like this.
 */
export function openToOtherSites(routeId: string | null, headers: Headers): void {
	if (!feeds.has(routeId ?? '')) return;
	headers.set('access-control-allow-origin', '*');
	headers.set('access-control-expose-headers', 'etag, last-modified');
	headers.set('cross-origin-resource-policy', 'cross-origin');
}

/** Answers a preflight request, which a browser sends before it reads a feed with extra headers. */
export const allowReading: RequestHandler = () =>
	new Response(null, {
		status: 204,
		headers: {
			allow: 'GET, HEAD, OPTIONS',
			'access-control-allow-methods': 'GET, HEAD, OPTIONS',
			'access-control-allow-headers': 'if-none-match, if-modified-since, cache-control',
			'access-control-max-age': '86400'
		}
	});
