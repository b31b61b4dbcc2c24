import { expect, test } from 'vitest';
import { locales } from '#lib/i18n/locale.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { writeMail } from '../templates.ts';

const part = (state: string, language = 'fr') => ({ part: 'interpreter', language, is_signed: false, state });
const meeting = (parts: object[], is_off = false) => ({
	title: { original: 'en', en: 'Drafting' },
	name: { original: 'en', en: 'Working group' },
	start: '2027-06-10T08:00:00+00:00',
	end: '2027-06-10T09:00:00+00:00',
	zone: 'UTC',
	is_off,
	parts
});
const write = (...work: object[]) =>
	withLocale('en', () =>
		writeMail(
			'meeting_work',
			{ params: { work }, summit: null, zone: null, origin: 'https://summit.example.org' },
			'en'
		)
	);

test('a mail about work that is neither asked for nor over says what the work is now, and nothing of a new time', () => {
	const mail = write(meeting([part('accepted')]), meeting([]));
	expect(mail?.subject).toBe('Your work at a meeting');
	expect(mail?.text).toContain('This is your work at meetings now:');
	expect(mail?.text).toContain('French');
	expect(mail?.text).toContain('You are no longer named for it.');
	expect(mail?.text).not.toMatch(/new time|has changed/);
	expect(write(meeting([part('invited')]), meeting([part('accepted')]))?.subject).toBe(
		'You are asked to work at a meeting'
	);
	expect(write(meeting([]), meeting([part('accepted')], true))?.subject).toBe('Your work at a meeting has ended');
});

test.each(locales)('it is written in %s', (locale) => {
	const context = {
		params: { work: [meeting([part('accepted')])] },
		summit: null,
		zone: null,
		origin: 'https://summit.example.org'
	};
	expect(withLocale(locale, () => writeMail('meeting_work', context, locale))?.subject).toBeTruthy();
});
