import type { RequestHandler } from '@sveltejs/kit';

const closed = [
	'/account',
	'/api/',
	'/calendar/',
	'/sign-in',
	'/sign-out',
	'/sample',
	'/*/me',
	'/*/register',
	'/*/organise',
	'/*/door',
	'/*/delegation',
	'/*/speak'
];

export const GET: RequestHandler = ({ url }) => {
	const lines = ['User-agent: *', ...closed.map((path) => `Disallow: ${path}`), `Sitemap: ${url.origin}/sitemap.xml`];
	return new Response(`${lines.join('\n')}\n`, {
		headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=3600' }
	});
};
