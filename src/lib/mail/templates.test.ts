import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { locales, type Locale } from '#lib/i18n/locale.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import type { MailContext } from './context.ts';
import { templates, writeMail } from './templates.ts';

const summit = {
	slug: 'luxembourg-2027',
	name: {
		original: 'en',
		en: 'Global Summit 2027',
		fr: 'Sommet mondial 2027',
		es: 'Cumbre Mundial 2027',
		ar: 'القمة العالمية 2027'
	},
	zone: 'Europe/Luxembourg',
	starts_on: '2027-06-10',
	ends_on: '2027-06-11',
	venue_name: { original: 'en', en: 'Congress Centre' },
	city: { original: 'en', en: 'Luxembourg', ar: 'لوكسمبورغ' },
	reply_to: null
};

const context = (params: Record<string, unknown>, more: Partial<MailContext> = {}): MailContext => ({
	params,
	summit,
	zone: null,
	origin: 'https://summit.example.org',
	...more
});

const write = (
	template: string,
	params: Record<string, unknown>,
	locale: Locale = 'en',
	more: Partial<MailContext> = {}
) => withLocale(locale, () => writeMail(template, context(params, more), locale));

const all = {
	reference: 'ABCD2345',
	mode: 'in_person',
	position: 7,
	reason: 'Only one seat is left.',
	amount: 25000,
	currency: 'EUR',
	order: 'QRST678923',
	due_at: '2027-05-01T08:30:00+00:00',
	since: '2025-05-01T08:30:00+00:00',
	erased_on: '2027-05-31T08:30:00+00:00',
	code: '123456'
};

test('has every template that the database queues', () => {
	const folder = new URL('../../../supabase/schemas/', import.meta.url);
	const sql = readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.sql'))
		.map((name) => readFileSync(new URL(name, folder), 'utf8'))
		.join('\n');
	const call =
		/private\.(?:enqueue_mail|mail_about)\(\s*[^,()]+(?:\([^()]*\))?,\s*((?:case [^;]*? end)|'[a-z_]+'(?: \|\| p_kind)?)/g;
	const named = [...sql.matchAll(call)].flatMap(([, argument = '']) => {
		// An invitation to a survey, or its reminder.
		if (argument === `'survey_' || p_kind`) return ['survey_invited', 'survey_reminder'];
		// Of a case only its outcomes are names of templates.
		const outcomes = [...argument.matchAll(/(?:^|then|else)\s*'([a-z_]+)'/g)].map(([, name = '']) => name);
		return outcomes;
	});
	expect(named.length).toBeGreaterThan(5);
	expect([...new Set(named)].filter((name) => !(name in templates))).toEqual([]);
});

describe.each(locales)('in %s', (locale) => {
	test.each(Object.keys(templates).filter((name) => !['group_message', 'campaign'].includes(name)))(
		'%s has a subject, a text and HTML that say the same',
		(template) => {
			const mail = write(template, all, locale);
			if (!mail) throw new Error('not written');
			expect(mail.subject).toMatch(/^\S.{3,120}\S$/u);
			expect(mail.text).not.toMatch(/undefined|null|NaN|\[object|\{\w+\}/);
			expect(mail.html).not.toMatch(/undefined|NaN|\[object|\{\w+\}/);
			expect(mail.html).toContain(`<html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}">`);
			// Opening it loads nothing and runs nothing.
			expect(mail.html).not.toMatch(/<(?:script|img|link|style|iframe)|url\(|\son\w+=/i);
			const bare = (text: string) => text.replace(/[\s:：>]+/gu, '');
			const html = bare(
				mail.html.replace(/<[^>]+>/g, ' ').replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
			);
			const lines = mail.text.split('\n').filter((line) => line !== '-- ' && !line.startsWith('http'));
			expect(lines.filter((line) => !html.includes(bare(line)))).toEqual([]);
		}
	);

	test('keeps the language in links', () => {
		const path = locale === 'en' ? '' : `/${locale}`;
		expect(write('registration_confirmed', all, locale)?.text).toContain(
			`https://summit.example.org${path}/luxembourg-2027/me/badge`
		);
	});
});

test('names a group of meetings only where it is not closed', () => {
	const params = { group: 'GR0UP', code: 'M33T', name: { original: 'en', en: 'Water' } };
	expect(write('minutes_opened', params, 'fr')?.text).toContain('du groupe Water est ouvert');
	const closed = write('times_offered', { group: 'GR0UP', code: 'M33T' }, 'fr')?.text;
	expect(closed).toContain('de l’un de vos groupes');
	expect(closed).toContain('https://summit.example.org/fr/community/groups/GR0UP/meetings/polls/M33T');
});

test('gives a deadline by both clocks where they differ, else by the venue’s alone', () => {
	const text = (zone: string | null) => write('payment_due', all, 'en', { zone })?.text ?? '';
	expect(text(null)).toContain('Please pay €250.00 by 1 May 2027, 10:30 (Luxembourg).');
	expect(text('Europe/Paris')).toContain('by 1 May 2027, 10:30 (Luxembourg).');
	expect(text('America/Montevideo')).toContain('by 1 May 2027, 10:30 (Luxembourg) = 1 May 2027, 05:30 (Montevideo).');
});

test('treats the texts of organisers as text, with any content', () => {
	const reason = '<script>alert(1)</script> & "quotes"\nSecond line\r\nBcc: victim@example.org';
	const mail = write('registration_declined', { ...all, reason });
	expect(mail?.html).not.toContain('<script');
	expect(mail?.html).toContain('&#60;script&#62;alert(1)&#60;/script&#62; &#38; &#34;quotes&#34;<br>Second line');
	expect(mail?.text).toContain('> <script>alert(1)</script> & "quotes"\n> Second line\n> Bcc: victim@example.org');
});

test('lets no Summit’s name begin a header', () => {
	const name = { original: 'en', en: 'Summit\r\nBcc: victim@example.org' };
	expect(write('registration_received', all, 'en', { summit: { ...summit, name } })?.subject).toBe(
		'We have your registration: Summit Bcc: victim@example.org'
	);
});

test('gives a changed session by both clocks, across the date line and on the day that the clocks change', () => {
	const at = (start: string, end: string) => ({ start, end, rooms: [{ original: 'en', en: 'Hall A' }] });
	const change = {
		kinds: ['moved', 'renamed'],
		title: { original: 'en', en: 'Opening' },
		title_before: { original: 'en', en: 'Welcome' },
		// Luxembourg leaves summer time on 31 October 2027 at 01:00 UTC.
		places: [at('2027-10-31T00:30:00Z', '2027-10-31T01:30:00Z')],
		places_before: [at('2027-06-10T21:00:00Z', '2027-06-10T22:15:00Z')],
		speaking: true
	};
	const text = write('agenda_changes', { changes: [change], more: 2 }, 'en', { zone: 'Pacific/Kiritimati' })?.text;
	expect(text?.split('\n\n').slice(1, 3).join('\n')).toBe(
		[
			'“Opening”',
			'Moved. It has a new title. Until now: “Welcome”.',
			'When and where: Sun 31 October 2027, 02:30 to 02:30 (Luxembourg) = Sun 31 October 2027, 14:30 to 15:30 (Kiritimati): Hall A',
			'Until now: Thu 10 June 2027, 23:00 to 00:15 (Luxembourg) = Fri 11 June 2027, 11:00 to 12:15 (Kiritimati): Hall A',
			'You take part in this session.',
			'2 more of your sessions changed. Your agenda shows them.'
		].join('\n')
	);
});

test('puts the code into the mail and not into its subject', () => {
	const mail = write('sign_in_code', { code: '048213' });
	expect(mail?.text).toContain('    048213\n');
	expect(mail?.subject).not.toContain('048213');
});

test('sends no mail for an unknown template, or a name that objects inherit', () => {
	expect(write('greetings', all)).toBeNull();
	expect(write('constructor', all)).toBeNull();
});
