import { fileProbes } from '#lib/files/server/probes.ts';
import { readiness } from '#lib/live/server/readiness.ts';
import { areErasuresReplayed } from '#lib/privacy/server/erasure-log.ts';
import { json } from '@sveltejs/kit';

/** Each engine's state; 200 when all are ready, else 503. */
export const GET = async () => {
	const { ready, engines } = await readiness({
		...fileProbes(),
		erasures: () => Promise.resolve(areErasuresReplayed())
	});
	return json({ ready, engines }, { status: ready ? 200 : 503, headers: { 'cache-control': 'no-store' } });
};
