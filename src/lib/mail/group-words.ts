/* Groups, states and outcomes in organisers' words. */
import { capitalised, joinList, joinWords } from '#lib/i18n/list.ts';
import { isolated, languageNames, type Locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { countryName } from '#lib/members/countries.ts';
import { sectorName } from '#lib/members/member.ts';
import { regionName } from '#lib/members/regions.ts';
import { groupWord } from '#lib/registration/figure-words.ts';
import { categoryWord, modeWord } from '#lib/registration/words.ts';
import type { Mode } from '#lib/registration/registration.ts';
import type { GroupCount, GroupFilters, GroupMessage, MailOutcome } from './group.ts';

const oneOf = (words: string[]) => joinWords(words, 'disjunction');

/** A state of a message. */
export function messageStateWord(state: GroupMessage['state']): string {
	return {
		draft: m.mail_message_draft,
		sending: m.mail_message_sending,
		paused: m.mail_message_paused,
		cancelled: m.mail_message_cancelled,
		done: m.mail_message_done
	}[state]();
}

/** The result of a message for a person. */
export function mailOutcomeWord(outcome: MailOutcome): string {
	return {
		sent: m.mail_outcome_sent,
		queued: m.mail_outcome_queued,
		waiting: m.mail_outcome_waiting,
		failed: m.mail_outcome_failed,
		unreachable: m.mail_outcome_unreachable,
		cancelled: m.mail_outcome_cancelled
	}[outcome]();
}

/** What somebody did at the Summit, in a word. */
export const partTakenWord = (part: string): string =>
	part === 'spoke' ? m.mail_filter_part_spoke() : m.mail_filter_part_attended();

/** The audience of a message, in a sentence without its end. */
export function groupSentence(filters: Partial<GroupFilters>, member: string | null): string {
	const parts = [
		filters.states?.length
			? oneOf(filters.states.map((state) => groupWord('state', state).toLowerCase()))
			: m.mail_group_everybody(),
		filters.mode && modeWord(filters.mode as Mode).toLowerCase(),
		filters.category && categoryWord(filters.category).toLowerCase(),
		filters.sector && sectorName(filters.sector).toLowerCase(),
		filters.region && regionName(filters.region),
		filters.country && countryName(filters.country),
		filters.member && (member ?? m.mail_group_one_member()),
		filters.language && m.mail_group_reads({ language: isolated(languageNames[filters.language as Locale]) }),
		filters.logistics && m.mail_group_logistics(),
		filters.part && partTakenWord(filters.part).toLowerCase()
	];
	return capitalised(parts.filter(Boolean).join(' · '));
}

/** How many, in which languages. */
export function countSentence({ total, unreachable, languages }: GroupCount): string {
	const by = (Object.entries(languages) as [Locale, number][])
		.sort(([, a], [, b]) => b - a)
		.map(([locale, count]) => `${number(count)} \u2068${languageNames[locale]}\u2069`);
	if (total === 0) return m.mail_group_nobody();
	const people = m.mail_group_count({ count: total, shown: number(total), languages: joinList(by) });
	if (unreachable === 0) return people;
	return `${people} ${m.mail_group_unreachable({ count: unreachable, shown: number(unreachable) })}`;
}
