/* The messages of thanks after a Summit, prepared as drafts of messages to a group, and of a campaign to focal points. */
import type { CampaignFields } from '#lib/campaigns/segment.ts';
import { locales, text, type Locale, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { GroupMessage } from '#lib/mail/group.ts';
import type { Wording } from '#lib/mail/wording.ts';

/** To whom a message of thanks goes. */
export const thanked = ['attendees', 'speakers'] as const;
export type Thanked = (typeof thanked)[number];

/** Whom each reaches, as filters of a message. */
const thanksFilters: Record<Thanked, Record<string, string | string[]>> = {
	attendees: { states: ['confirmed'], part: 'attended' },
	speakers: { states: ['confirmed'], part: 'spoke' }
};

const inAllLanguages = (write: (locale: Locale) => Wording) =>
	Object.fromEntries(locales.map((locale) => [locale, write(locale)])) as Record<Locale, Wording>;

/** The message in every language of the site. Its button leads to the person's own page. */
function thanksTexts(to: Thanked): Record<Locale, Wording> {
	const body = to === 'speakers' ? m.organising_thanks_speakers : m.organising_thanks_attendees;
	return inAllLanguages((locale) => ({
		subject: m.organising_thanks_subject({ summit: '{summit}' }, { locale }),
		body: body({ summit: '{summit}', button: '{button}' }, { locale })
	}));
}

/** The message of thanks. */
export const thanksMessage = (
	to: Thanked
): Pick<GroupMessage, 'texts' | 'original' | 'page'> & { filters: Record<string, string | string[]> } => ({
	filters: thanksFilters[to],
	texts: thanksTexts(to),
	original: 'en',
	page: '/me'
});

/** The campaign to the focal points of the members that took part in a Summit. It has the id of the Summit, so there is one. */
export function thanksCampaign(summit: { id: string; name: TextMap }): CampaignFields {
	const values = { member: '{member}', summit: '{summit}' };
	return {
		title: m.organising_thanks_focal_title({ summit: text(summit.name).text }),
		kind: 'news',
		summit: summit.id,
		segment: { recipients: 'focal_points', took_part: summit.id },
		texts: inAllLanguages((locale) => ({
			subject: m.organising_thanks_focal_subject(values, { locale }),
			body: m.organising_thanks_focal_points({ ...values, button: '{button}' }, { locale })
		})),
		original: 'en',
		page: 'commitments',
		reminders: 0,
		remind_days: 7,
		deadline: null,
		form: summit.id
	};
}
