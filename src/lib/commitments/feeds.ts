/* The public register as data: RSS, CSV and JSON. No I/O. */
import type { RegisteredCommitment } from '#lib/database/answers/commitments.ts';
import { writeCsv } from '#lib/files/csv.ts';
import { escapeXml } from '#lib/files/xml.ts';
import { joinLabel } from '#lib/i18n/list.ts';
import { href, locale, text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { minorDigits } from '#lib/i18n/currency.ts';

const path = (code: string) => `/community/commitments/${code}`;

/** The newest fifty as RSS 2.0, in the language of the page. */
export function registerRss(commitments: readonly RegisteredCommitment[], origin: string): string {
	const items = commitments.slice(0, 50).map((one) => {
		const link = origin + href(path(one.code));
		return [
			'<item>',
			`<title>${escapeXml(joinLabel(one.member.name, text(one.title).text))}</title>`,
			`<link>${escapeXml(link)}</link>`,
			`<guid isPermaLink="false">commitment:${one.code}</guid>`,
			`<pubDate>${new Date(one.announced_at).toUTCString()}</pubDate>`,
			`<category>${escapeXml(text(one.theme.name).text)}</category>`,
			`<description>${escapeXml(text(one.summary).text)}</description>`,
			'</item>'
		].join('');
	});
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>',
		`<title>${escapeXml(m.commitments_title())}</title>`,
		`<link>${escapeXml(origin + href('/community/commitments'))}</link>`,
		`<description>${escapeXml(m.commitments_lead())}</description>`,
		`<language>${locale()}</language>`,
		`<atom:link rel="self" type="application/rss+xml" href="${escapeXml(origin + href('/community/commitments/feed.xml'))}"/>`,
		...items,
		'</channel></rss>',
		''
	].join('\n');
}

/** The budget in whole units of its currency. */
const budgetOf = ({ budget, currency }: Pick<RegisteredCommitment, 'budget' | 'currency'>) =>
	budget === null || currency === null ? null : budget / 10 ** minorDigits(currency);

/** The columns of the file, which stay the same in all languages. */
const columns = [
	'code',
	'announced_at',
	'summit',
	'member',
	'sector',
	'region',
	'country',
	'partners',
	'theme',
	'title',
	'summary',
	'beneficiaries',
	'countries',
	'indicator',
	'unit',
	'baseline',
	'target',
	'due_on',
	'value',
	'reported_at',
	'status',
	'verified',
	'budget',
	'currency',
	'address'
];

/** The register as a table; texts are in the language of the page. */
export function registerCsv(commitments: readonly RegisteredCommitment[], origin: string): string {
	return writeCsv([
		columns,
		...commitments.map((one) => [
			one.code,
			one.announced_at,
			one.summit.slug,
			one.member.name,
			one.member.sector,
			one.member.region,
			one.member.country,
			one.partners.map(({ name }) => name).join(' | '),
			one.theme.slug,
			text(one.title).text,
			text(one.summary).text,
			text(one.beneficiaries).text,
			one.countries.join(' '),
			text(one.indicator).text,
			text(one.unit).text,
			one.baseline,
			one.target,
			one.due_on,
			one.value,
			one.reported_at,
			one.status,
			one.is_verified,
			budgetOf(one),
			one.currency,
			origin + href(path(one.code))
		])
	]);
}

/** The register as JSON; texts are maps by language, and budgets are in whole units of their currency. */
export function registerJson(commitments: readonly RegisteredCommitment[], origin: string): string {
	return JSON.stringify({
		version: 1,
		commitments: commitments.map(({ audience: _, ...one }) => ({
			...one,
			budget: budgetOf(one),
			address: origin + href(path(one.code), 'en')
		}))
	});
}
