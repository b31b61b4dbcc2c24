import { addDevice, removeDevice } from '#lib/badges/server/apple-devices.ts';
import { hasPassToken } from '#lib/badges/server/wallet-passes.ts';
import { bodyWithin } from '#lib/forms/server/request-body.ts';
import { answer, walletOf } from '../../../../../wallet.server.ts';
import type { RequestHandler } from './$types';

const statuses = { created: 201, already: 200, not_found: 404, invalid: 400 } as const;

/** A device saved a pass, and asks to be told of changes. */
export const POST: RequestHandler = async ({ params, request }) => {
	if (!walletOf(params.passtype)) return answer(404);
	if (!hasPassToken(request.headers.get('authorization'), params.badge)) return answer(401);
	const body = await bodyWithin(request, 2000);
	return answer(body ? statuses[await addDevice(params.badge, params.device, body.toString())] : 413);
};

/** A device deleted a pass. */
export const DELETE: RequestHandler = async ({ params, request }) => {
	if (!walletOf(params.passtype)) return answer(404);
	if (!hasPassToken(request.headers.get('authorization'), params.badge)) return answer(401);
	await removeDevice(params.badge, params.device);
	return answer(200);
};
