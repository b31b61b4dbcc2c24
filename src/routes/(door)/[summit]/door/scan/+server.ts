import { askingOf, bodyOf, scanSchema } from '#lib/door/server/asking.ts';
import { scanFromDevice } from '#lib/door/server/devices.ts';
import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** One scan of an enrolled device. */
export const POST: RequestHandler = async (event) => {
	const { summit, asking } = askingOf(event);
	return json(await scanFromDevice(asking, summit, await bodyOf(event, scanSchema), Date.now()));
};
