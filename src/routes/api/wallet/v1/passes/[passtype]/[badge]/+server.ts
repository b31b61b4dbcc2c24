import { errorFacts, log } from '#lib/audit/server/log.ts';
import { applePassType, makeApplePass } from '#lib/badges/server/apple-pass.ts';
import { hasPassToken, isMadeTooOften, passServiceOf, readPass } from '#lib/badges/server/wallet-passes.ts';
import { doorCode } from '#lib/door/server/badge-key.ts';
import { answer, walletOf } from '../../../wallet.server.ts';
import type { RequestHandler } from './$types';

/** The latest pass of a badge; 304 for a device that has it. */
export const GET: RequestHandler = async ({ params: { badge, passtype }, request }) => {
	const wallet = walletOf(passtype);
	if (!wallet) return answer(404);
	if (!hasPassToken(request.headers.get('authorization'), badge)) return answer(401);
	const found = await readPass(badge, doorCode);
	if (!found) return answer(404);
	const known = Date.parse(request.headers.get('if-modified-since') ?? '');
	if (known >= found.changedAt.getTime()) return answer(304);
	if (isMadeTooOften(badge)) return answer(429);
	try {
		const file = await makeApplePass(wallet, found.pass, found.language, passServiceOf(badge));
		return new Response(file, {
			headers: {
				'content-type': applePassType,
				'last-modified': found.changedAt.toUTCString(),
				'cache-control': 'private, no-store'
			}
		});
	} catch (thrown) {
		log.error(errorFacts(thrown), 'a wallet pass could not be made');
		return answer(503);
	}
};
