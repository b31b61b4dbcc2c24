import type { RequestHandler } from '@sveltejs/kit';

const feeds = new Set([
	'/(public)/[summit]/agenda.ics',
	'/(public)/[summit]/schedule.json',
	'/(public)/[summit]/schedule.xml',
	'/(public)/[summit]/embed/agenda'
]);

/**
 * Pages of other sites may read the public agenda by script, errors and empty answers too. It says what a stranger sees, whatever
 * cookie comes along; what is somebody's own, by cookie or by token, is never open so.
 */
export function openToOtherSites(routeId: string | null, headers: Headers): void {
	if (!feeds.has(routeId ?? '')) return;
	headers.set('access-control-allow-origin', '*');
	headers.set('access-control-expose-headers', 'etag, last-modified');
	headers.set('cross-origin-resource-policy', 'cross-origin');
}

/** Answers what a browser asks before it reads a feed with headers of its own. */
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
