import { deviceBodyOf } from '#lib/door/server/device-request.ts';
import { enrolDevice, moveDevice } from '#lib/door/server/devices.ts';
import { requiredText } from '#lib/forms/fields.ts';
import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const id = v.pipe(v.string(), v.uuid());
const schema = v.union([
	v.object({ device: id, checkpoint: id }),
	v.object({ checkpoint: id, name: requiredText(60) })
]);

/** Enrols this device at a checkpoint, or moves it to another. */
export const POST: RequestHandler = async (event) => {
	const { summit, supabase } = event.locals;
	const request = await deviceBodyOf(event, schema);
	if ('device' in request) {
		const status = await moveDevice(supabase, request.device, request.checkpoint);
		return json({ status }, { status: status === 'ok' ? 200 : 409 });
	}
	const made = await enrolDevice(supabase, summit.id, request.checkpoint, request.name);
	return json(made, { status: made.status === 'ok' ? 200 : 409 });
};
