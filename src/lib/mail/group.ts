/* Messages to a group: the audience, the texts, and the results. No I/O. */
import { isId } from '#lib/forms/ids.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import { isLocale, locales } from '#lib/i18n/locale.ts';
import { isSector } from '#lib/members/member.ts';
import { categories, registrationStates } from '#lib/registration/registration.ts';
import type { MailRules } from './editable.ts';
import { formFaults, type Wording, type WordingFault } from './wording.ts';
import type { GroupFilters, MailOutcome } from '#lib/database/answers/mail.ts';

export type {
	GroupCount,
	GroupFilters,
	GroupMessage,
	MailOutcome,
	MessageReader,
	PersonOutcome
} from '#lib/database/answers/mail.ts';

/** Where the button of a message leads, and null for no button. */
export const groupPages = ['/me', '/me/logistics', '/agenda', '/register', ''] as const;

/** What somebody did at the Summit. */
export const partsTaken = ['attended', 'spoke'] as const;

/** Reads the audience of a message from an address or a form, ignoring invalid values. */
export function groupFilters(search: { get(name: string): unknown; getAll(name: string): unknown[] }): GroupFilters {
	const one = (name: string, good: (value: string) => boolean) => {
		const value = search.get(name);
		return typeof value === 'string' && good(value) ? value : '';
	};
	const states = search.getAll('state').flatMap((value) => String(value).split(','));
	return {
		states: registrationStates.filter((state) => states.includes(state)),
		mode: one('mode', (value) => value === 'in_person' || value === 'virtual'),
		sector: one('sector', isSector),
		region: one('region', (value) => value.length <= 60),
		country: one('country', (value) => /^[A-Z]{2}$/.test(value)),
		category: one('category', (value) => categories.some((known) => known === value)),
		member: one('member', (value) => isId(value)),
		language: one('language', isLocale),
		logistics: one('logistics', (value) => value === 'missing'),
		part: one('part', (value) => partsTaken.some((known) => known === value))
	};
}

/** The filters for the database: only those that are set. */
export function chosenFilters(filters: GroupFilters): Record<string, string | string[]> {
	return Object.fromEntries(Object.entries(filters).filter(([, value]) => value.length > 0));
}

/** The query string of filters: '' or '?state=…'. */
export function groupAddress(filters: GroupFilters): string {
	const { states, ...rest } = filters;
	const search = new URLSearchParams(states.map((state) => ['state', state]));
	for (const [name, value] of Object.entries(rest)) if (value) search.set(name, value);
	const text = search.toString();
	return text ? `?${text}` : '';
}

/** The possible results of a message for a person. */
export const mailOutcomes = [
	'sent',
	'queued',
	'waiting',
	'failed',
	'unreachable',
	'cancelled'
] as const satisfies readonly MailOutcome[];

/** The variables of a message to a group. */
const groupRules: MailRules = {
	variables: new Set(['summit', 'dates', 'venue', 'reference', 'button']),
	conditions: new Set(['hall']),
	cases: []
};

/**
 * The errors of a message's text in one language. `answers`: whether the answer to the question of a key may be inserted; a
 * line with an answer that is not there is left out when the mail is sent.
 */
export function groupFaults(wording: Wording, answers: (key: string) => boolean = () => true): WordingFault[] {
	return formFaults(wording, { ...groupRules, answers });
}

/** The variables of a campaign. */
const campaignRules: MailRules = {
	variables: new Set(['summit', 'dates', 'venue', 'member', 'until', 'button']),
	conditions: new Set(['until']),
	cases: []
};

/** The errors of a campaign's text in one language. */
export const campaignFaults = (wording: Wording): WordingFault[] => formFaults(wording, campaignRules);

/** The texts that were filled in, and the language for readers of none of them: English where it is one, else the first. */
export function filledTexts(all: Partial<Record<Locale, Wording>>): {
	texts: Partial<Record<Locale, Wording>>;
	original: Locale | null;
} {
	const filled = locales.filter((locale) => all[locale]?.subject.trim() || all[locale]?.body.trim());
	return {
		texts: Object.fromEntries(filled.map((locale) => [locale, all[locale]])),
		original: filled.includes('en') ? 'en' : (filled[0] ?? null)
	};
}
