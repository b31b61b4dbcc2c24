import { dispositionOf } from '#lib/files/names.ts';
import { fileStore, type Range } from './store.ts';

/** An object that a reader may have. */
export interface Served {
	object: string;
	media_type: string;
	/** In bytes. */
	size: number;
	/** In hexadecimal: names the content. */
	sha256: string;
}

/** A file that is opened by its address is not one of our pages: it runs no script and loads nothing. */
const guarded = {
	'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
	'x-content-type-options': 'nosniff',
	'cross-origin-resource-policy': 'same-origin',
	'x-robots-tag': 'noindex'
};

/** The headers of a file to download, which nothing stores. */
const attached = (mediaType: string, name: string) => ({
	...guarded,
	'content-type': mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType,
	'content-disposition': dispositionOf(name),
	// Never compressed in transit, because a part must be a part of these bytes.
	'cache-control': 'private, no-store, no-transform'
});

/**
 * The part of a file that a Range header requests: null for all of it, or `none` when there is no such part. A request
 * for several parts gets all of it.
 */
export function rangeOf(header: string | null, size: number): Range | null | 'none' {
	const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
	if (first === '' && last === '') return null;
	const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
	const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
	return start < size && start <= end && !(first === '' && Number(last) === 0) ? { start, end } : 'none';
}

const has = (header: string | null, tag: string) =>
	header === '*' || (header ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === tag);

/** The part of a file that a request gets; see `rangeOf`. A condition that no longer holds gets all of it. */
export function requestedRange(
	{ headers }: Pick<Request, 'headers'>,
	{ sha256, size }: Pick<Served, 'sha256' | 'size'>
) {
	const condition = headers.get('if-range');
	return condition === null || condition === `"${sha256}"` ? rangeOf(headers.get('range'), size) : null;
}

/** A file as a download, whole or in part. Null when the store no longer has it. */
export async function answerDownload(request: Request, served: Served, name: string): Promise<Response | null> {
	const tag = `"${served.sha256}"`;
	const headers = new Headers({
		...attached(served.media_type, name),
		'accept-ranges': 'bytes',
		etag: tag
	});
	const range = requestedRange(request, served);
	if (range === 'none') {
		headers.set('content-range', `bytes */${served.size}`);
		return new Response(null, { status: 416, headers });
	}
	if (range) headers.set('content-range', `bytes ${range.start}-${range.end}/${served.size}`);
	headers.set('content-length', String(range ? range.end - range.start + 1 : served.size));
	const status = range ? 206 : 200;
	if (request.method === 'HEAD') return new Response(null, { status, headers });
	const bytes = await fileStore().open(served.object, range ?? undefined);
	return bytes && new Response(bytes, { status, headers });
}

/** Bytes that only this reader may have, as a download that nothing stores. */
export function answerBytes(bytes: Uint8Array<ArrayBuffer>, mediaType: string, name: string): Response {
	return new Response(bytes, {
		headers: {
			...attached(mediaType, name),
			'content-length': String(bytes.length)
		}
	});
}

/** A picture for our own pages. The reader's browser stores it and checks each time whether it may still show it. */
export async function answerPicture(request: Request, served: Served): Promise<Response | null> {
	const tag = `"${served.sha256}"`;
	const headers = new Headers({ ...guarded, 'cache-control': 'private, no-cache, no-transform', etag: tag });
	if (has(request.headers.get('if-none-match'), tag)) return new Response(null, { status: 304, headers });
	headers.set('content-type', served.media_type);
	headers.set('content-length', String(served.size));
	const bytes = await fileStore().open(served.object);
	return bytes && new Response(bytes, { headers });
}
