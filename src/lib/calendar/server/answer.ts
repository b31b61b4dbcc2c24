import { createHash } from 'node:crypto';

/** A file that calendars ask for again and again: they get its bytes only when those changed. */
export function answerFile(
	request: Request,
	body: string,
	type: string,
	options: { released: string | null; personal: boolean }
): Response {
	const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
	const headers = new Headers({
		etag,
		'cache-control': options.personal ? 'private, no-cache' : 'no-cache',
		'content-type': type,
		'x-robots-tag': options.personal ? 'noindex' : 'all'
	});
	// A time of change is told but never trusted for "not modified": names are read live, without a new release.
	if (options.released !== null) headers.set('last-modified', new Date(options.released).toUTCString());
	const known = (request.headers.get('if-none-match') ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
	if (known.includes(etag) || known.includes('*')) return new Response(null, { status: 304, headers });
	return new Response(body, { headers });
}
