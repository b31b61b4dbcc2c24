import { layoutOf } from '#lib/badges/layouts.ts';
import { badgeQuery } from '#lib/badges/list.ts';
import { paperOf, type PaperBadge } from '#lib/badges/paper.ts';
import { badgesForPaper, notePrints, renewPrinted } from '#lib/badges/server/badges.ts';
import { badgesTemplate } from '#lib/badges/template.ts';
import { badgeDays, signBadge } from '#lib/door/badge.ts';
import { theBadgeKeys } from '#lib/door/server/badge-key.ts';
import { drawCode } from '#lib/door/server/picture.ts';
import { missingSigns, renderLongPdf } from '#lib/files/server/pdf.ts';
import { isId } from '#lib/forms/ids.ts';
import { isLocale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { error } from '@sveltejs/kit';
import type { DataClient } from '#lib/database/client.ts';
import type { RequestHandler } from './$types';

// A badge that was printed before is replaced: the former paper opens no door any more.
async function renewed(client: DataClient, summit: string, found: PaperBadge[]): Promise<PaperBadge[]> {
	const ids = found.map(({ badge }) => badge);
	// eslint-disable-next-line local/literal-text -- stored in English
	const badges = (await renewPrinted(client, summit, ids, 'Printed again')) ?? error(403);
	return (await badgesForPaper(client, summit, { badges })) ?? error(403);
}

// People whose name has characters that none of our fonts has, with these characters; null when all can be set.
async function unwritable({ display_name, office, affiliation }: PaperBadge): Promise<string | null> {
	const signs = await missingSigns(`${display_name} ${office} ${affiliation}`);
	return signs.length > 0 ? `${display_name} (${signs.join(' ')})` : null;
}

/** Sheets of badges as PDF: the selected ones, or all that match the filters. Only who printed whom is recorded. */
export const POST: RequestHandler = async ({ locals: { summit, supabase }, request, url }) => {
	const form = await request.formData();
	const of = (name: string) => String(form.get(name) ?? '');
	const layout = layoutOf(of('layout')) ?? error(422, m.badges_choose_paper());
	const lang = isLocale(of('lang')) ? (of('lang') as 'en') : 'en';
	const ticked = form
		.getAll('badges[]')
		.map(String)
		.filter((one) => isId(one));
	const chosen =
		of('which') === 'found'
			? badgeQuery(new URLSearchParams([...form].map(([name, value]): [string, string] => [name, String(value)])))
			: { badges: ticked };
	const found = (await badgesForPaper(supabase, summit.id, chosen)) ?? error(403);
	const refused = (await Promise.all(found.map(unwritable))).filter((one) => one !== null);
	if (refused.length > 0)
		error(422, m.badges_signs_missing({ who: refused.slice(0, 10).join(' · '), count: refused.length }));
	const badges = of('renew') === '' ? found : await renewed(supabase, summit.id, found);
	if (badges.length === 0) error(422, m.badges_choose_badges());
	const { signer } = await theBadgeKeys();
	const days = badgeDays(summit.starts_on, summit.ends_on);
	const coded = async (badge: PaperBadge) => ({
		...badge,
		code: drawCode(await signBadge({ badge: badge.badge, summit: summit.id, mode: 'in_person', days }, signer))
	});
	const cards = await Promise.all(badges.map(coded));
	const pdf = await renderLongPdf(
		badgesTemplate,
		withLocale(lang, () => paperOf(cards, layout, summit, lang, url.origin))
	);
	// Recorded once the sheets exist, because a failed attempt printed nothing.
	await notePrints(
		supabase,
		summit.id,
		badges.map(({ badge }) => badge),
		layout.key
	);
	return new Response(new Uint8Array(pdf), {
		headers: {
			'content-type': 'application/pdf',
			'content-disposition': `attachment; filename="badges-${summit.slug}-${layout.key}.pdf"`,
			'cache-control': 'no-store',
			'x-content-type-options': 'nosniff'
		}
	});
};
