import { expect, test } from 'vitest';
import type { ImpactCounts, ImpactRow } from '#lib/database/answers/impact.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { locales } from '#lib/i18n/locale.ts';
import { belowFigure, contentOf, hasOldFigures, loweredGroups, wholeGroups } from './content.ts';
import { howWords, indicatorWords } from './words.ts';
import { impactCsv, impactJson } from './feeds.ts';
import { impactPaper } from './paper.ts';
import { objectives, type IndicatorKey } from './indicators.ts';
import { picturesOf } from './report-pictures.ts';
import { reportView } from './view.ts';

const now = Date.parse('2027-06-20T12:00Z');
const regions = ['Africa', 'Asia', 'Europe', 'Oceania'];

/** Counts of a Summit at which people of these regions were online; the figures name all but the last. */
function countsOf(people: readonly number[], more: Partial<ImpactCounts> = {}): ImpactCounts {
	const count = people.reduce((sum, each) => sum + each, 0);
	const row = { family: '', on: '2027-06-01' };
	return {
		smallest_group: 5,
		zone: 'UTC',
		people: [
			{ indicator: 'attended_online', dimension: '', value: '', count },
			...people.map((each, index) => ({
				indicator: 'attended_online',
				dimension: 'region',
				value: regions[index] ?? null,
				count: each
			}))
		],
		programme: [],
		commitments: [],
		earlier_commitments: null,
		figures: {
			number: 1,
			released_at: '2027-06-01T12:00:00Z',
			content: {
				total: { count: 120, on: '2027-06-01' },
				tables: [
					{
						dimension: 'region',
						rows: regions.slice(0, 3).map((value) => ({ ...row, value, count: 40 }))
					}
				]
			}
		},
		survey: null,
		shown: null,
		confirmed: 120,
		expired: [],
		before: null,
		...more
	};
}

const shown = (counts: ImpactCounts) => contentOf(counts, now).indicators.find(({ key }) => key === 'attended_online');

test('numbers of people are whole groups, and change by more than a group from release to release', () => {
	expect(wholeGroups(39, 'b', 5, undefined)).toEqual({ value: 35, on: 'b' });
	const before = { value: 35, on: 'a' };
	for (const count of [30, 34, 35, 40, 44]) expect(wholeGroups(count, 'b', 5, before)).toEqual(before);
	expect(wholeGroups(45, 'b', 5, before)).toEqual({ value: 45, on: 'b' });
	expect(wholeGroups(29, 'b', 5, { value: 40, on: 'a' })).toEqual({ value: 25, on: 'b' });
});

test('figures are old once new ones would count a group more, not when registrations are deleted', () => {
	const old = (confirmed: number, more: Partial<ImpactCounts> = {}) =>
		hasOldFigures(countsOf([30], { confirmed, ...more }));
	expect([old(0), old(120), old(124), old(125), old(200, { figures: null })]).toEqual([
		false,
		false,
		false,
		true,
		false
	]);
});

test('a report does not say how few of a group stayed away', () => {
	// A reader knows the figures: 40 from Europe. Whether one of them, or five, stayed away is not said.
	const reports = [40, 41, 42, 43, 44].map((europe) => shown(countsOf([38, 36, europe, 12])));
	for (const report of reports) expect(report?.rows).toEqual(reports[0]?.rows);
	// A group that the figures hide is never named, however many of it came.
	expect(reports[0]?.rows.map(({ key }) => key).sort()).toEqual(['Africa', 'Asia', 'Europe']);
	expect(shown(countsOf([38, 36, 40, 12], { figures: null }))?.rows).toEqual([]);
	// Of 41, whether all came or five stayed away: at least two groups are open.
	for (const came of [36, 37, 38, 39, 40, 41]) {
		const below = wholeGroups(belowFigure(came, 41, 5), 'a', 5, undefined);
		expect(below.value).toBe(30);
	}
	const totals = [100, 106, 114, 119, 120].map((count) => shown(countsOf([count - 86, 36, 38, 12]))?.value);
	expect(totals).toEqual([100, 105, 110, 110, 110]);
});

/** Counts of people online by language, all of them from Africa. */
const spoken = (languages: Record<string, number>, more: Partial<ImpactCounts> = {}) => {
	const count = Object.values(languages).reduce((sum, each) => sum + each, 0);
	const one = { indicator: 'attended_online' };
	return countsOf([], {
		people: [
			{ ...one, dimension: '', value: '', count },
			...Object.entries(languages).map(([value, each]) => ({
				...one,
				dimension: 'language',
				value: value === 'none' ? null : value,
				count: each
			}))
		],
		...more
	});
};
const byLanguage = (counts: ImpactCounts) =>
	shown(counts)
		?.rows.filter(({ dimension }) => dimension === 'language')
		.map(({ key, value }) => [key, value]);

test('languages of those who came are groups like others: none is small, or the difference to the total', () => {
	// Two chose none: the smallest language is not named either.
	expect(byLanguage(spoken({ en: 42, fr: 23, es: 12, ar: 6, ru: 6, none: 2 }))).toEqual([
		['en', 40],
		['fr', 20],
		['es', 10],
		['ru', 5]
	]);
	// Three of one language are not named, and another one is hidden with them.
	expect(byLanguage(spoken({ en: 42, fr: 23, es: 3 }))?.map(([key]) => key)).toEqual(['en']);
	expect(byLanguage(spoken({ en: 42, fr: 23, es: 12 }, { figures: null }))).toEqual([]);
});

test('languages added up do not say how few of all registered stayed away', () => {
	const sums = [108, 110, 114, 117, 120].map((count) =>
		byLanguage(spoken({ en: count - 45, fr: 30, es: 15 }))?.reduce((sum, [, value]) => sum + Number(value), 0)
	);
	for (const sum of sums) expect(sum).toBeLessThanOrEqual(110);
	expect(new Set(sums.slice(1)).size).toBe(1);
	const rows = [
		{ value: 'fr', count: 6 },
		{ value: 'en', count: 8 }
	];
	expect(loweredGroups(rows, 10)).toEqual([
		{ value: 'fr', count: 4 },
		{ value: 'en', count: 0 }
	]);
});

test('the languages of two releases show nobody who joined between them', () => {
	const first = shown(spoken({ en: 42, fr: 23, es: 16 }));
	if (!first) throw new Error('no indicator');
	for (let joined = 1; joined <= 4; joined += 1)
		expect(shown(spoken({ en: 42, fr: 23 + joined, es: 16 }, { shown: [first] }))?.rows).toEqual(first.rows);
	expect(shown(spoken({ en: 42, fr: 2, es: 16 }, { shown: [first] }))?.rows).toContainEqual(
		first.rows.find(({ key }) => key === 'fr')
	);
});

test('minutes are named apart where neither the hall nor streams are of a few people', () => {
	const places = (hall: number, stream: number, watched: number) => {
		const one = (place: string, people: number, minutes: number) => [
			{ indicator: 'minutes', dimension: 'people', value: place, count: people },
			{ indicator: 'minutes', dimension: 'sum', value: place, count: people * minutes }
		];
		const people = [...one('', 40, 123), ...one('hall', hall, 94), ...one('stream', stream, 60)];
		const all = contentOf(countsOf([], { people: [...people, ...one('watched', watched, 31.4)] }), now);
		const found = all.indicators.find(({ key }) => key === 'minutes');
		expect(found?.value).toBe(120);
		return found?.rows.map(({ key, value }) => [key, value]);
	};
	// Averages of all forty, to two digits; those of recordings of who watched one.
	expect(places(30, 20, 10)).toEqual([
		['hall', 71],
		['stream', 30],
		['watched', 31]
	]);
	expect(places(40, 0, 9)).toEqual([['hall', 94]]);
	expect(places(39, 9, 10)).toEqual([['watched', 31]]);
});

test('attendance by language has a picture of its own, and a line in the file', () => {
	const content = contentOf(spoken({ en: 42, fr: 23, es: 16 }), now);
	const pictures = picturesOf(content, 'collaboration').filter(({ head }) => head === 'By language');
	expect(pictures.map(({ kind, rows }) => [kind, rows.map(({ label }) => label)])).toEqual([
		['bars', ['English', 'French', 'Spanish']]
	]);
	const report = { number: 1, released_at: '', reason: '', texts: {}, targets: {}, content, releases: [] };
	expect(impactCsv(report)).toMatch(/^attended_online,language,fr,French,20,/m);
});

test('how often documents were opened is named in whole groups, and not at all while it is a few', () => {
	const opened = (count: number) =>
		contentOf(
			countsOf([], { programme: [{ indicator: 'documents_opened', dimension: '', value: '', count }] }),
			now
		).indicators.find(({ key }) => key === 'documents_opened')?.value;
	expect([opened(0), opened(4), opened(5), opened(124)]).toEqual([null, null, 5, 120]);
});

test('what fell below the smallest group, or was deleted, stays as it was released', () => {
	const first = shown(countsOf([38, 36, 31, 12]));
	if (!first) throw new Error('no indicator');
	expect(shown(countsOf([2, 1], { shown: [first] }))).toEqual(first);
	expect(shown(countsOf([], { shown: [first] }))).toEqual(first);
	// Rows of a few on hold are left: they are not counted.
	expect(shown(countsOf([20, 10], { shown: [first], expired: ['attended_online'] }))).toEqual(first);
	expect(shown(countsOf([20, 10], { expired: ['attended_online'] }))).toMatchObject({ value: null, rows: [] });
	const single = {
		...first,
		rows: [{ dimension: 'day', key: '2027-06-01', label: null, value: 10, on: '2027-06-02' }]
	};
	expect(shown(countsOf([38, 36, 31, 12], { shown: [single] }))?.rows).toContainEqual(single.rows[0]);
});

test('a greater smallest group counts for what was released before, for figures and for surveys too', () => {
	const first = contentOf(countsOf([38, 36, 31, 12]), now).indicators;
	const later = countsOf([38, 36, 31, 12], {
		smallest_group: 50,
		shown: first,
		survey: { answered: 30, smallest_group: 5, questions: [], texts: [] }
	});
	const { indicators } = contentOf(later, now);
	const of = (key: string) => indicators.find((one) => one.key === key);
	expect(of('confirmed')).toMatchObject({ value: 120, rows: [] });
	expect(of('feedback_answers')?.value).toBeNull();
	expect(of('attended_online')).toMatchObject({ value: 110, rows: [] });
});

test('many needs of few people are not named', () => {
	const needs = (people: number): ImpactCounts['people'] => [
		{ indicator: 'needs', dimension: '', value: '', count: 25, people: 20 },
		{ indicator: 'needs', dimension: 'met', value: 'yes', count: 21, people }
	];
	const rows = (people: number) =>
		contentOf(countsOf([], { people: needs(people) }), now).indicators.find(({ key }) => key === 'needs')?.rows;
	expect(rows(4)).toEqual([]);
	expect(rows(5)).toMatchObject([{ key: 'yes', value: 20 }]);
});

test('the difference of two releases shows nobody who joined between them', () => {
	const first = shown(countsOf([38, 36, 31, 12]));
	if (!first) throw new Error('no indicator');
	for (let joined = 1; joined <= 4; joined += 1) {
		const later = shown(countsOf([38, 36, 31 + joined, 12], { shown: [first] }));
		expect([later?.value, later?.rows]).toEqual([first.value, first.rows]);
	}
});

test('fewer people than the smallest group are not shown at all', () => {
	expect(shown(countsOf([4]))).toMatchObject({ value: null, rows: [] });
	expect(contentOf(countsOf([]), now).indicators.every(({ value }) => value === null || value >= 0)).toBe(true);
});

test('a text in another language keeps its direction in the PDF, and is named', () => {
	const content = contentOf(countsOf([38, 36, 31, 12]), now);
	const texts = { intro: { original: 'en', en: 'We met.\n\nWe agreed.' } };
	const head = { summit: '', facts: '', release: '', corrects: '', old: '', address: '' };
	const paper = (language: 'ar' | 'en') =>
		withLocale(language, () => impactPaper(reportView({ texts, targets: {}, content }), head).intro);
	expect(paper('ar')).toMatchObject({ paragraphs: ['We met.', 'We agreed.'], lang: 'en', dir: 'ltr' });
	expect(paper('ar').note).not.toBe('');
	expect(paper('en').note).toBe('');
});

test('files name the release and the smallest group, and compare only what was asked in the same words', () => {
	const question = (words: string, value: number) => ({
		dimension: 'question',
		key: 'useful',
		label: { original: 'en', en: words },
		value,
		on: '2027-06-20'
	});
	const survey = (words: string, value: number) => ({
		key: 'feedback',
		value: null,
		on: '2027-06-20',
		of_people: false,
		rows: [question(words, value), { ...question('Was it long?', 2), key: 'long' }]
	});
	const before = { id: 'secret', slug: 'before', name: {}, number: 1, on: '2025-06-20' };
	const content = {
		...contentOf(countsOf([]), now),
		indicators: [survey('Was it useful?', 4), { ...survey('', 1), key: 'no_longer_counted', value: 9, rows: [] }],
		before: { ...before, indicators: [survey('Was it useful to you?', 3)] }
	};
	const report = { number: 2, released_at: '', reason: 'Why.', texts: {}, targets: {}, content, releases: [] };
	const lines = impactCsv(report).split('\r\n');
	expect(lines.find((line) => line.includes('useful'))).toMatch(
		/^feedback,question,useful,Was it useful\?,4,2027-06-20,,.*,2,5$/
	);
	expect(lines.find((line) => line.includes('long,'))).toContain(',2,2027-06-20,2,');
	expect(lines.find((line) => line.startsWith('no_longer_counted'))).toMatch(/,9,/);
	expect(impactJson(report, 'valletta')).not.toContain('secret');
	expect(picturesOf(content, 'learning')[0]?.rows.map(({ values }) => values)).toEqual([
		['4.0', ''],
		['2.0', '2.0']
	]);
});

test('each row of the table of a report is in a picture or in the frame on its page', () => {
	const [on, later] = ['2027-06-01', '2027-06-02'];
	const row = (dimension: string, key: string) => ({ dimension, key, label: null, value: 20, on });
	const pairs = (dimension: string, ...keys: string[]) => keys.map((key) => row(dimension, key));
	const group = [...pairs('sector', 'government', 'private_sector'), ...pairs('region', 'Africa', 'Asia')];
	const days = pairs('day', on, later);
	const country = pairs('country', 'UY', 'KE');
	// What the counts give each indicator; one that is not here has no rows.
	const rows: Partial<Record<IndicatorKey, ImpactRow[]>> = {
		confirmed: [...group, ...country, ...pairs('mode', 'in_person', 'virtual')],
		members: group,
		attended_hall: [...group, ...days],
		attended_online: [...group, ...days],
		languages: pairs('language', 'en', 'fr'),
		questions: pairs('answered', 'yes'),
		needs: pairs('met', 'yes'),
		commitments: [
			...pairs('theme', 'victims', 'policy'),
			...pairs('status', 'on_track', 'delivered'),
			...country,
			...pairs('announced', on, later),
			...pairs('delivered', on, later)
		],
		feedback: pairs('question', 'useful', 'long')
	};
	const made = contentOf(countsOf([]), now);
	const content = {
		...made,
		indicators: made.indicators.map((one) => ({ ...one, rows: rows[one.key as IndicatorKey] ?? [] }))
	};
	const pictured = objectives.flatMap((objective) => picturesOf(content, objective).map(({ title }) => title));
	// Each dimension has a picture of its own, but for days, which are lines of two indicators.
	const dimensions = Object.values(rows).flatMap((all) => [...new Set(all.map(({ dimension }) => dimension))]);
	const inFrame = dimensions.filter((dimension) => ['mode', 'answered', 'met'].includes(dimension));
	const inLines = dimensions.filter((dimension) => ['day', 'announced', 'delivered'].includes(dimension));
	expect(pictured).toHaveLength(dimensions.length - inFrame.length - inLines.length + inLines.length / 2);
	expect(new Set(pictured).size).toBe(pictured.length);
});

test('keeps how each indicator was counted, in every language, and shows that instead of the words of today', () => {
	const content = contentOf(countsOf([]), now);
	const keys = content.indicators.map(({ key }) => key);
	expect(keys.filter((key) => !content.how?.[key])).toEqual([]);
	expect(Object.keys(content.how?.['minutes'] ?? {}).sort()).toEqual(['original', ...locales].sort());
	expect(howWords(content, 'minutes')).toBe(indicatorWords.minutes.how());
	const other = { how: { minutes: { original: 'en', en: 'Counted by hand.' } } };
	expect([howWords(other, 'minutes'), howWords({}, 'minutes')]).toEqual([
		'Counted by hand.',
		indicatorWords.minutes.how()
	]);
});
