import { deviceIdentityOf } from '#lib/door/server/device-request.ts';
import { snapshotFor } from '#lib/door/server/devices.ts';
import { createHash } from 'node:crypto';
import type { RequestHandler } from './$types';

/** The offline snapshot of the device's checkpoint; 304 when it is unchanged. */
export const GET: RequestHandler = async (event) => {
	const { summit, asking } = deviceIdentityOf(event);
	const snapshot = await snapshotFor(asking, summit.id);
	const { cursor: _, ...held } = snapshot.status === 'ok' ? snapshot : { ...snapshot, cursor: 0 };
	const etag = `"${createHash('sha256').update(JSON.stringify(held)).digest('base64url').slice(0, 27)}"`;
	const headers = { etag, 'cache-control': 'private, no-store' };
	if (event.request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
	return new Response(JSON.stringify(snapshot), { headers: { ...headers, 'content-type': 'application/json' } });
};
