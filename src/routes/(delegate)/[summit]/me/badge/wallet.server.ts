/* What the routes of both wallets do alike. */
import { errorFacts, log } from '#lib/audit/server/log.ts';
import { isMadeTooOften } from '#lib/badges/server/wallet-passes.ts';
import type { WalletPass } from '#lib/badges/wallet-pass.ts';
import { doorCode } from '#lib/door/server/badge-key.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { myRegistration } from '#lib/registration/server/registrations.ts';
import { error, redirect } from '@sveltejs/kit';

/** The pass of the reader's own badge, from what its page reads; 404 without a badge for the hall, 429 when it was asked for too often. */
export async function ownPass({ summit, supabase }: App.Locals): Promise<WalletPass> {
	const registration = await myRegistration(supabase, summit.id);
	const badge = registration?.badge;
	if (registration?.state !== 'confirmed' || registration.mode !== 'in_person' || !badge) error(404, m.ui_not_found());
	if (isMadeTooOften(badge.id)) error(429, m.ui_too_often());
	return { badge: badge.id, summit, holder: registration, code: await doorCode(badge.id, summit) };
}

/** Back to the badge, which says that the pass could not be made. */
export function passNotMade({ summit }: App.Locals, thrown: unknown): never {
	log.error(errorFacts(thrown), 'a wallet pass could not be made');
	redirect(303, href(`/${summit.slug}/me/badge?wallet=failed`));
}
