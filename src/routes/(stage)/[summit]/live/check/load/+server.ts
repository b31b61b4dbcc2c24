import { randomBytes } from 'node:crypto';
import { triesTooOften } from '#lib/connection-check/server/rates.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

const most = 3_000_000;
const headers = { 'content-type': 'application/octet-stream', 'cache-control': 'no-store, no-transform' };
// Random bytes, which cannot be compressed on the way; made once.
const piece = randomBytes(65_536);

/** Random bytes to measure the download speed. Only our own page may request them. */
export const GET: RequestHandler = (event) => {
	const { url, request } = event;
	if (request.headers.get('sec-fetch-site') !== 'same-origin') error(403, m.ui_forbidden());
	if (triesTooOften(event)) error(429, m.ui_too_often());
	let left = Math.min(most, Math.max(0, Number(url.searchParams.get('bytes')) || 0));
	const body = new ReadableStream<Uint8Array>({
		pull(sink) {
			if (left <= 0) return sink.close();
			const next = piece.subarray(0, Math.min(left, piece.length));
			left -= next.length;
			sink.enqueue(next);
		}
	});
	return new Response(body, { headers });
};

/** Receives bytes and discards them, to measure the upload speed. */
export const POST: RequestHandler = async ({ request }) => {
	await request.arrayBuffer();
	return new Response(null, { status: 204, headers });
};
