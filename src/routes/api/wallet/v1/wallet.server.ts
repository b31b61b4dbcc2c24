import { readAppleWallet } from '#lib/badges/wallet-settings.ts';

/** How passes of this type are signed; null where the site makes none. */
export function walletOf(passType: string) {
	const wallet = readAppleWallet(process.env);
	return wallet?.passType === passType ? wallet : null;
}

/** An answer without a body. Nothing of a pass may be kept on the way. */
export const answer = (status: number): Response =>
	new Response(null, { status, headers: { 'cache-control': 'private, no-store' } });
