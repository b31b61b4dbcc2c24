import { parseForm } from '#lib/forms/parse.ts';
import { describe, expect, test } from 'vitest';
import { draftFields, draftSchema, evidenceOf, reportSchema, scheduleSchema } from './forms.ts';

const id = '00000000-0000-4000-8000-000000000001';

function form(values: Record<string, string>): FormData {
	const data = new FormData();
	for (const [name, value] of Object.entries(values)) data.set(name, value);
	return data;
}

describe('the evidence of a report', () => {
	const parse = (links: string) =>
		parseForm(
			form({ commitment: id, member: id, progress: 'on_track', value: '1', body: 'Done.', links }),
			reportSchema
		);

	test('is each link once, called by its host', () => {
		const parsed = parse('https://example.org/a\n https://example.org/a \n\nhttp://example.com');
		expect(parsed.ok && evidenceOf(parsed.output.links)).toEqual([
			{ url: 'https://example.org/a', title: 'example.org' },
			{ url: 'http://example.com', title: 'example.com' }
		]);
	});

	test.each(['https://[abc', 'https://a b', 'javascript:alert(1)', 'example.org'])('is not %s', (link) => {
		expect(parse(link).form.issues.map(({ path }) => path)).toEqual(['links']);
	});
});

describe('a draft', () => {
	const text = (words: string) => ({ original: 'fr', fr: words, en: `${words} in English` });
	const before = {
		title: text('Titre'),
		summary: text('Texte'),
		beneficiaries: text('Enfants'),
		indicator: text('Mesure'),
		unit: text('Unité')
	};
	const values = {
		version: '1',
		member: id,
		summit: id,
		baseline: '40',
		target: '90,5',
		due_on: '2090-12-31',
		theme: 'victims',
		budget: '',
		currency: '',
		session: 'https://summit.example/fr/2090/sessions/Q46TDJ?zone=UTC',
		audience: 'public',
		partners: 'One\nTwo\nOne',
		note: ''
	};
	const texts = Object.fromEntries(
		Object.entries(before).flatMap(([name, map]) => [
			[`${name}.fr`, map.fr],
			[`${name}.en`, map.en]
		])
	);

	test('keeps the languages of each text', () => {
		const sent = form({ ...values, ...texts, 'title.fr': 'Autre titre' });
		for (const country of ['UY', 'KE']) sent.append('countries[]', country);
		const parsed = parseForm(sent, draftSchema(before));
		expect(parsed.form.issues).toEqual([]);
		if (!parsed.ok) return;
		expect(parsed.output).toMatchObject({ partners: ['One', 'Two'], target: 90.5, session: 'Q46TDJ' });
		expect(draftFields(parsed.output, before, [])).toMatchObject({
			...before,
			countries: ['UY', 'KE'],
			title: { original: 'fr', fr: 'Autre titre', en: 'Titre in English' }
		});
	});

	test('needs each text in the language in which it was written first', () => {
		const issues = (given: Record<string, string>, of: typeof before | null) =>
			parseForm(form({ ...values, ...given }), draftSchema(of)).form.issues.map(({ path }) => path);
		expect(issues({ ...texts, 'title.fr': '' }, before)).toEqual(['title.fr']);
		expect(issues({}, null)).toEqual(['title.en', 'summary.en', 'beneficiaries.en', 'indicator.en', 'unit.en']);
	});

	test('names thirty partners at most', () => {
		const partners = Array.from({ length: 31 }, (_, index) => `Member ${index}`).join('\n');
		expect(
			parseForm(form({ ...values, ...texts, partners }), draftSchema(before)).form.issues.map(({ path }) => path)
		).toEqual(['partners']);
	});
});

test('an announcement is scheduled by the clock of a zone', () => {
	const parse = (at: string, zone: string) =>
		parseForm(form({ commitment: id, version: '1', at }), scheduleSchema(zone));
	expect(parse('2027-06-09T10:00', 'America/Montevideo')).toMatchObject({ output: { at: '2027-06-09T13:00:00.000Z' } });
	expect(parse('2027-06-09T10:00', 'UTC')).toMatchObject({ output: { at: '2027-06-09T10:00:00.000Z' } });
	for (const [at, zone] of [
		['', 'UTC'],
		['tomorrow', 'UTC'],
		['2027-06-09T10:00', 'Mars/Crater']
	] as const)
		expect(parse(at, zone).form.issues.map(({ path }) => path)).toEqual(['at']);
});
