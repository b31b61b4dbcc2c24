import { expect, test } from 'vitest';
import { campaignFaults } from '#lib/mail/group.ts';
import { locales } from '#lib/i18n/locale.ts';
import { thanksCampaign } from './thanks.ts';

const summit = { id: '6b1f4c7e-0b52-4c8e-9d43-0a4b1b1f9a10', name: { original: 'en', en: 'Global Summit' } };

test('thanks focal points in every language with a text that a campaign may have, as news', () => {
	const { texts, kind, segment, title } = thanksCampaign(summit);
	expect(Object.keys(texts).sort()).toEqual([...locales].sort());
	for (const locale of locales)
		expect([locale, campaignFaults(texts[locale] ?? { subject: '', body: '' })]).toEqual([locale, []]);
	expect([kind, segment.took_part, title.includes('Global Summit')]).toEqual(['news', summit.id, true]);
});
