import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** A file that calendars poll: its bytes, plain and compressed, and their validators. */
export interface PolledFile {
	etag: string;
	/** Milliseconds, whole seconds: since when these bytes are known to be the answer. */
	modified: number;
	plain: Buffer<ArrayBuffer>;
	br: Buffer<ArrayBuffer> | null;
	gzip: Buffer<ArrayBuffer> | null;
}

// Names are read live, without a new release: a file is as old as its bytes are known here, never older. A second
// change within one second gets the next second.
const known = new Map<string, { etag: string; modified: number }>();

function modifiedOf(address: string, etag: string): number {
	const before = known.get(address);
	if (before?.etag === etag) return before.modified;
	const now = Math.floor(Date.now() / 1000) * 1000;
	const modified = before && before.modified >= now ? before.modified + 1000 : now;
	if (known.size >= 5000) known.clear();
	known.set(address, { etag, modified });
	return modified;
}

/** Compresses a file; `address` identifies it among all files. */
export async function prepareFile(address: string, body: string, compress = true): Promise<PolledFile> {
	const plain = Buffer.from(body);
	const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
	const params = { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
	const [br, gz] = compress
		? await Promise.all([promisify(brotliCompress)(plain, { params }), promisify(gzip)(plain, { level: 5 })])
		: [null, null];
	return { etag, modified: modifiedOf(address, etag), plain, br, gzip: gz };
}

const takes = (accepted: string, coding: string) =>
	new RegExp(`(?:^|[\\s,])${coding}(?!\\s*;\\s*q=0(?:\\.0*)?(?:\\s|,|$))(?:[\\s,;]|$)`).test(accepted);

/** Whether the client already has these bytes: by entity tag, or else by time (RFC 9110, 13.2.2). */
function hasAlready(headers: Headers, etag: string, modified: number): boolean {
	const names = headers.get('if-none-match');
	if (names !== null) {
		return names === '*' || names.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
	}
	const since = Date.parse(headers.get('if-modified-since') ?? '');
	return Number.isFinite(since) && modified <= since;
}

/** Answers with the file, or with 304 when the client has it. */
export function answerFile(request: Request, file: PolledFile, type: string, personal: boolean): Response {
	const headers = new Headers({
		etag: file.etag,
		'last-modified': new Date(file.modified).toUTCString(),
		'cache-control': personal ? 'private, no-cache' : 'no-cache',
		vary: 'accept-encoding',
		'x-robots-tag': personal ? 'noindex' : 'all'
	});
	if (hasAlready(request.headers, file.etag, file.modified)) return new Response(null, { status: 304, headers });
	headers.set('content-type', type);
	const accepted = request.headers.get('accept-encoding') ?? '';
	const form = (['br', 'gzip'] as const).find((coding) => file[coding] && takes(accepted, coding));
	if (form) headers.set('content-encoding', form);
	const body = form ? file[form] : file.plain;
	headers.set('content-length', String(body?.length ?? 0));
	return new Response(body, { headers });
}
