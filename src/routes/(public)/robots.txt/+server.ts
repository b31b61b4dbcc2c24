import { robotsText } from '#lib/summits/robots.ts';
import type { RequestHandler } from '@sveltejs/kit';

export const GET: RequestHandler = ({ url }) =>
	new Response(robotsText(url.origin), {
		headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=3600' }
	});
