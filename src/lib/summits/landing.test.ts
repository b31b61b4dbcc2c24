import { expect, test } from 'vitest';
import { at, session, slot } from '../../../tests/fixtures/agenda.ts';
import { landingAgenda } from './landing.ts';
import { sitemapXml } from './sitemap.ts';

const codes = (list: readonly { session: { code: string } }[]) => list.map(({ session: { code } }) => code);
const open = [
	session({ code: 'A', slots: [slot('09:00', '10:00')] }),
	session({ code: 'B', run: 'live', slots: [slot('10:00', '11:00', ['plenary'], 9), slot('10:00', '11:00')] }),
	session({ code: 'C', slots: [slot('12:00', '13:00')] }),
	session({ code: 'D', slots: [slot('09:00', '10:00', ['plenary'], 11)] })
];
const closed = [
	session({ code: 'M', level: 'members', audience: 'registered' }),
	session({ code: 'R', audience: 'registered' }),
	session({ code: 'H', attendance: 'hall' }),
	session({ code: 'P', is_break: true }),
	session({ code: 'X', is_cancelled: true, run: 'live' })
];
const all = [...open, ...closed];

test('shows what is live, and what everyone may watch next', () => {
	const found = landingAgenda(all, Date.parse(at('10:30')), 2);
	expect([codes(found.live), found.live[0]?.slot.start, codes(found.open), found.openCount, found.isOver]).toEqual([
		['B'],
		at('10:00'),
		['C', 'D'],
		4,
		false
	]);
});

test('shows what there was when all is over', () => {
	const found = landingAgenda(
		all.map((one) => ({ ...one, run: null })),
		Date.parse(at('20:00', 12))
	);
	expect([codes(found.live), codes(found.open), found.isOver]).toEqual([[], ['B', 'A', 'B'], true]);
});

test('lists each page in each language in the sitemap', () => {
	const xml = sitemapXml([
		[
			{ language: 'en', address: 'https://a.example/x?a=1&b=2' },
			{ language: 'ar', address: 'https://a.example/ar/x' }
		]
	]);
	expect(xml.match(/<loc>[^<]*<\/loc>/g)).toEqual([
		'<loc>https://a.example/x?a=1&amp;b=2</loc>',
		'<loc>https://a.example/ar/x</loc>'
	]);
	expect(xml.match(/hreflang="(en|ar)"/g)).toHaveLength(4);
});
