import type { RegisteredCommitment } from '#lib/database/answers/commitments.ts';
import { expect, test } from 'vitest';
import { registerCsv, registerJson } from './feeds.ts';
import { filtered, filtersFrom, onPage, registerPageSize, registerQuery, themesOf } from './register.ts';

const text = (words: string) => ({ original: 'en', en: words });
const commitment = (n: number): RegisteredCommitment => ({
	code: `CODE${n}`,
	number: 1,
	title: text(`Promise ${n}`),
	summary: text('What is promised'),
	beneficiaries: text('Children'),
	indicator: text('Reports'),
	unit: text('per cent'),
	baseline: 40,
	target: 90,
	due_on: '2090-12-31',
	theme: { slug: 'victims', name: text('Victims') },
	countries: ['UY'],
	budget: 12_000_000,
	currency: 'EUR',
	audience: 'public',
	summit: { slug: 'montevideo', name: text('Montevideo') },
	member: { id: 'm', code: 'MEMBER', name: 'Quiet Harbour', sector: 'civil_society', country: 'UY', region: '' },
	partners: [],
	session: null,
	status: 'on_track',
	is_verified: false,
	announced_at: '2027-06-09T10:00:00Z',
	value: 60,
	reported_at: null,
	withdrawn_at: null
});

test('budgets are in whole units in both files', () => {
	const { commitments } = JSON.parse(registerJson([commitment(1)], 'https://summit.example')) as {
		commitments: object[];
	};
	expect(commitments).toMatchObject([{ budget: 120_000, currency: 'EUR' }]);
	expect(registerCsv([commitment(1)], 'https://summit.example')).toContain('120000,EUR');
});

test('a long register has pages, and each is of what was chosen', () => {
	const all = Array.from({ length: registerPageSize + 5 }, (_, n) => commitment(n));
	const search = new URLSearchParams('status=on_track&page=2');
	const filters = filtersFrom(search);
	const last = onPage(filtered(all, filters), search);
	expect([last.total, last.commitments.map(({ code }) => code)]).toEqual([
		all.length,
		all.slice(registerPageSize).map(({ code }) => code)
	]);
	expect(registerQuery(filters, 2)).toBe('?status=on_track&page=2');
	expect(onPage(filtered(all, filtersFrom(new URLSearchParams('status=delivered'))), search).total).toBe(0);
});

const theme = (slug: string) => ({ slug, name: { original: 'en', en: slug } });

test('the filter offers the themes of all commitments, also those that are offered no longer', () => {
	const commitments = ['retired', 'victims', 'retired'].map((slug, n) => ({ ...commitment(n), theme: theme(slug) }));
	const found = themesOf({ themes: [theme('victims'), theme('industry')], commitments });
	expect(found).toEqual(['victims', 'industry', 'retired'].map(theme));
	expect(themesOf({ themes: [theme('victims')], commitments: [] })).toEqual([theme('victims')]);
});
