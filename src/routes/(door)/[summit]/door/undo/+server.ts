import { deviceBodyOf } from '#lib/door/server/device-request.ts';
import { undoScan } from '#lib/door/server/check.ts';
import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const schema = v.object({ scan: v.pipe(v.string(), v.uuid()) });

/** Undoes a scan within a minute. */
export const POST: RequestHandler = async (event) => {
	const { summit, supabase } = event.locals;
	const status = await undoScan(supabase, summit.id, (await deviceBodyOf(event, schema)).scan);
	return json({ status }, { status: status === 'ok' ? 200 : 409 });
};
