/* The messages of thanks after a Summit, prepared as drafts of messages to a group. */
import { locales, type Locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Wording } from '#lib/mail/wording.ts';

/** To whom a message of thanks goes. */
export const thanked = ['attendees', 'speakers'] as const;
export type Thanked = (typeof thanked)[number];

/** Whom each reaches, as filters of a message. */
export const thanksFilters: Record<Thanked, Record<string, string | string[]>> = {
	attendees: { states: ['confirmed'], part: 'attended' },
	speakers: { states: ['confirmed'], part: 'spoke' }
};

/** The message in every language of the site. Its button leads to the person's own page. */
export function thanksTexts(to: Thanked): Record<Locale, Wording> {
	const body = to === 'speakers' ? m.organising_thanks_speakers : m.organising_thanks_attendees;
	return Object.fromEntries(
		locales.map((locale) => [
			locale,
			{
				subject: m.organising_thanks_subject({ summit: '{summit}' }, { locale }),
				body: body({ summit: '{summit}', button: '{button}' }, { locale })
			}
		])
	) as Record<Locale, Wording>;
}
