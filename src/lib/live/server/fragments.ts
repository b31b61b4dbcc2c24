import type { PageFragment } from '#lib/live/fragments.ts';

const tagOf = (header: string | null) => (header ?? '').replace(/^W\/|"/g, '');

/** The page with its parts in their places: its ETag names them too. A page that has no place for one is left alone. */
export async function injectFragments(
	request: Request,
	response: Response,
	parts: ReadonlyMap<string, PageFragment> | undefined
): Promise<Response> {
	if (!parts || response.status !== 200 || !response.headers.get('content-type')?.startsWith('text/html'))
		return response;
	let page = Buffer.from(await response.arrayBuffer());
	let tag = tagOf(response.headers.get('etag'));
	for (const [name, part] of parts) {
		const place = `<!--part:${name}-->`;
		const at = page.indexOf(place);
		if (at < 0) continue;
		page = Buffer.concat([page.subarray(0, at), part.bytes, page.subarray(at + place.length)]);
		tag += `-${part.tag}`;
	}
	const headers = new Headers(response.headers);
	headers.delete('content-length');
	headers.set('etag', `W/"${tag}"`);
	const known = (request.headers.get('if-none-match') ?? '').split(',').map((one) => tagOf(one.trim()));
	return known.includes(tag) ? new Response(null, { status: 304, headers }) : new Response(page, { headers });
}
