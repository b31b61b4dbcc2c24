import { applePassType, makeApplePass } from '#lib/badges/server/apple-pass.ts';
import { notePass, passServiceOf } from '#lib/badges/server/wallet-passes.ts';
import { readAppleWallet } from '#lib/badges/wallet-settings.ts';
import { locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import { ownPass, passNotMade } from '../wallet.server.ts';
import type { RequestHandler } from './$types';

/** The reader's own badge as a pass of Apple Wallet. */
export const GET: RequestHandler = async ({ locals }) => {
	const wallet = readAppleWallet(process.env);
	if (!wallet) error(404, m.ui_not_found());
	const pass = await ownPass(locals);
	const file = await makeApplePass(wallet, pass, locale(), passServiceOf(pass.badge)).catch((thrown) =>
		passNotMade(locals, thrown)
	);
	await notePass(pass.badge, locale(), false);
	// The file name reveals nothing about its holder.
	return new Response(file, {
		headers: {
			'content-type': applePassType,
			'content-disposition': `attachment; filename="badge-${locals.summit.slug}.pkpass"`,
			'cache-control': 'private, no-store',
			'x-content-type-options': 'nosniff'
		}
	});
};
