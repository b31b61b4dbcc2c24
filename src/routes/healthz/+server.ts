import { isDraining } from '#lib/live/server/drain.ts';
import { text } from '@sveltejs/kit';

/** Answers as long as the process runs, with 503 once it was told to end: a proxy then sends nobody here any more. */
export const GET = () =>
	text(isDraining() ? 'draining' : 'ok', {
		status: isDraining() ? 503 : 200,
		headers: { 'cache-control': 'no-store' }
	});
