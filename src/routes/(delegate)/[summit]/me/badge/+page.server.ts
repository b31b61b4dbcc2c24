import { readAppleWallet, readGoogleWallet } from '#lib/badges/wallet-settings.ts';
import { badgeDays, formatBadgeCode } from '#lib/door/badge.ts';
import { doorCode } from '#lib/door/server/badge-key.ts';
import { drawCode } from '#lib/door/server/picture.ts';
import { myRegistration } from '#lib/registration/server/registrations.ts';
import { nextSessions } from '#lib/registration/server/next-sessions.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, setHeaders, url }) => {
	const { summit, supabase, viewer } = locals;
	setHeaders({ 'cache-control': 'private, no-cache' });
	// The offline copy on a device contains no session, because it may be a closed one.
	const kept = url.searchParams.has('keep');
	const [registration, next] = await Promise.all([
		myRegistration(supabase, summit.id),
		viewer?.personId && !kept ? nextSessions(viewer.personId, summit, Date.now()) : []
	]);
	const days = badgeDays(summit.starts_on, summit.ends_on);
	const badge = registration?.state === 'confirmed' ? registration.badge : null;
	// Only a badge for the hall has a code, because there is no door online.
	const code = badge && registration?.mode === 'in_person' ? drawCode(await doorCode(badge.id, summit)) : null;
	const badgeCode = badge ? formatBadgeCode(badge.badge_code) : null;
	const wallets = {
		apple: code !== null && !kept && readAppleWallet(process.env) !== null,
		google: code !== null && !kept && readGoogleWallet(process.env) !== null
	};
	return { registration, next, code, badgeCode, days: days.length, wallets, kept: kept ? Date.now() : null };
};
