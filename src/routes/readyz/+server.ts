import { fileProbes } from '#lib/files/server/probes.ts';
import { isDraining } from '#lib/live/server/drain.ts';
import { readiness } from '#lib/live/server/readiness.ts';
import { areErasuresReplayed } from '#lib/privacy/server/erasure-log.ts';
import { json } from '@sveltejs/kit';

const headers = { 'cache-control': 'no-store' };

/** Each engine's state; 200 when all are ready, else 503, and at once when this process was told to end. */
export const GET = async () => {
	if (isDraining()) return json({ ready: false, draining: true, engines: {} }, { status: 503, headers });
	const { ready, engines } = await readiness({
		...fileProbes(),
		erasures: () => Promise.resolve(areErasuresReplayed())
	});
	return json({ ready, engines }, { status: ready ? 200 : 503, headers });
};
