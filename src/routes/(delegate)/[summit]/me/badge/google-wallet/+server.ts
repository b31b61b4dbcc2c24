import { googleSaveLink } from '#lib/badges/server/google-pass.ts';
import { notePass } from '#lib/badges/server/wallet-passes.ts';
import { readGoogleWallet } from '#lib/badges/wallet-settings.ts';
import { locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { siteOrigin } from '#lib/mail/context.ts';
import { error } from '@sveltejs/kit';
import { ownPass, passNotMade } from '../wallet.server.ts';
import type { RequestHandler } from './$types';

/** Leads to Google, which asks the reader whether to save the pass. */
export const GET: RequestHandler = async ({ locals }) => {
	const wallet = readGoogleWallet(process.env);
	if (!wallet) error(404, m.ui_not_found());
	const pass = await ownPass(locals);
	const location = await googleSaveLink(wallet, pass, locale(), siteOrigin()).catch((thrown) =>
		passNotMade(locals, thrown)
	);
	await notePass(pass.badge, locale(), true);
	return new Response(null, {
		status: 303,
		headers: { location, 'cache-control': 'private, no-store', 'referrer-policy': 'no-referrer' }
	});
};
