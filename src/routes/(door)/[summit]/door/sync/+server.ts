import { deviceIdentityOf, deviceBodyOf, syncSchema } from '#lib/door/server/device-request.ts';
import { syncDevice } from '#lib/door/server/devices.ts';
import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A batch of offline scans, and changes in both directions. */
export const POST: RequestHandler = async (event) => {
	const { summit, asking } = deviceIdentityOf(event);
	return json(await syncDevice(asking, summit.id, await deviceBodyOf(event, syncSchema)));
};
