import { changedPasses } from '#lib/badges/server/apple-devices.ts';
import { json } from '@sveltejs/kit';
import { answer, walletOf } from '../../../../wallet.server.ts';
import type { RequestHandler } from './$types';

/** Which passes of a device changed. Apple's protocol has no token here: who knows the device learns random ids alone. */
export const GET: RequestHandler = async ({ params, url }) => {
	if (!walletOf(params.passtype)) return answer(404);
	const changed = await changedPasses(params.device, url.searchParams.get('passesUpdatedSince'));
	return changed ? json(changed, { headers: { 'cache-control': 'private, no-store' } }) : answer(204);
};
