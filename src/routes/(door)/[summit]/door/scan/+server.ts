import { deviceIdentityOf, deviceBodyOf, scanSchema } from '#lib/door/server/device-request.ts';
import { scanFromDevice } from '#lib/door/server/devices.ts';
import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** One scan of an enrolled device. */
export const POST: RequestHandler = async (event) => {
	const { summit, asking } = deviceIdentityOf(event);
	return json(await scanFromDevice(asking, summit, await deviceBodyOf(event, scanSchema), Date.now()));
};
