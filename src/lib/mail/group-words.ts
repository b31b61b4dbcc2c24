/* Groups, states and outcomes in organisers' words. */
import { languageNames, type Locale } from '#lib/i18n/locale.ts';
import { number } from '#lib/i18n/time.ts';
import { countryName } from '#lib/members/countries.ts';
import { sectorName } from '#lib/members/member.ts';
import { groupWord } from '#lib/registration/figure-words.ts';
import { categoryWord, modeWord } from '#lib/registration/words.ts';
import type { Mode } from '#lib/registration/registration.ts';
import type { GroupCount, GroupFilters, GroupMessage, MailOutcome } from './group.ts';

/** A state of a message. */
export function messageStateWord(state: GroupMessage['state']): string {
	return { draft: 'Draft', sending: 'Being sent', paused: 'Held back', cancelled: 'Ended', done: 'Sent' }[state];
}

/** The result of a message for a person. */
export function mailOutcomeWord(outcome: MailOutcome): string {
	return {
		sent: 'Sent',
		queued: 'On its way',
		waiting: 'Waiting for its turn',
		failed: 'Failed',
		unreachable: 'No address that works',
		cancelled: 'Not sent: the message was ended'
	}[outcome];
}

/** The audience of a message, in a sentence without its end. */
export function groupSentence(filters: Partial<GroupFilters>, member: string | null): string {
	const parts = [
		filters.states?.length
			? filters.states.map((state) => groupWord('state', state).toLowerCase()).join(' or ')
			: 'everybody who has sent a registration and is not out',
		filters.mode && modeWord(filters.mode as Mode).toLowerCase(),
		filters.category && categoryWord(filters.category).toLowerCase(),
		filters.sector && sectorName(filters.sector).toLowerCase(),
		filters.region,
		filters.country && countryName(filters.country),
		filters.member && (member ?? 'one member'),
		filters.language && `reads ${languageNames[filters.language as Locale]}`,
		filters.logistics && 'has not answered the logistics form'
	];
	return parts.filter(Boolean).join(' · ');
}

/** How many, in which languages. */
export function countSentence({ total, unreachable, languages }: GroupCount): string {
	const by = (Object.entries(languages) as [Locale, number][])
		.sort(([, a], [, b]) => b - a)
		// Each name keeps its own direction.
		.map(([locale, count]) => `${number(count)} \u2068${languageNames[locale]}\u2069`);
	const people = total === 1 ? 'One person' : `${number(total)} people`;
	const out = unreachable === 0 ? '' : ` ${number(unreachable)} of them cannot be reached by mail.`;
	return total === 0 ? 'Nobody fits.' : `${people}: ${by.join(', ')}.${out}`;
}
