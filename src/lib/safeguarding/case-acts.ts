/* What the lead of a case does from it, in words. No I/O. */
import type { CaseTargets } from '#lib/database/answers/safeguarding/cases.ts';
import { joinFacts, joinLabel } from '#lib/i18n/list.ts';
import { isolated, locale, text, type Locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { actOutcomes } from './timeline.ts';

export type { CaseTargets } from '#lib/database/answers/safeguarding/cases.ts';

/** The acts that only the lead of a case does. */
export const caseActs = [
	'hide_message',
	'hide_question',
	'end_stream',
	'freeze_recording',
	'no_photographs',
	'walk_out',
	'let_in_again'
] as const;
export type CaseAct = (typeof caseActs)[number];

interface CaseActWords {
	summary: () => string;
	/** What follows, before it is done. */
	effect: () => string;
	/** What is chosen. */
	target: () => string;
	button: () => string;
}

export const caseActWords: Record<CaseAct, CaseActWords> = {
	hide_message: {
		summary: m.safeguarding_act_hide_message,
		effect: m.safeguarding_act_hide_message_effect,
		target: m.safeguarding_act_message,
		button: m.safeguarding_act_hide_message_do
	},
	hide_question: {
		summary: m.safeguarding_act_hide_question,
		effect: m.safeguarding_act_hide_question_effect,
		target: m.safeguarding_act_question,
		button: m.safeguarding_act_hide_question_do
	},
	end_stream: {
		summary: m.safeguarding_act_end_stream,
		effect: m.safeguarding_act_end_stream_effect,
		target: m.safeguarding_act_session,
		button: m.safeguarding_act_end_stream_do
	},
	freeze_recording: {
		summary: m.safeguarding_act_freeze_recording,
		effect: m.safeguarding_act_freeze_recording_effect,
		target: m.safeguarding_act_recording,
		button: m.safeguarding_act_freeze_recording_do
	},
	no_photographs: {
		summary: m.safeguarding_act_no_photographs,
		effect: m.safeguarding_act_no_photographs_effect,
		target: m.safeguarding_act_no_photographs_target,
		button: m.safeguarding_act_no_photographs_do
	},
	walk_out: {
		summary: m.safeguarding_act_walk_out,
		effect: m.safeguarding_act_walk_out_effect,
		target: m.safeguarding_act_walk_out_target,
		button: m.safeguarding_act_walk_out_do
	},
	let_in_again: {
		summary: m.safeguarding_act_let_in_again,
		effect: m.safeguarding_act_let_in_again_effect,
		target: m.safeguarding_act_let_in_again_target,
		button: m.safeguarding_act_let_in_again_do
	}
};

const short = (words: string) => (words.length > 90 ? `${words.slice(0, 90)}…` : words);

/** The acts with what each can be about, in words; acts without anything are left out by the page. */
export function optionsOfTargets(
	{ messages, sessions, recordings, people }: CaseTargets,
	timeOf: (at: string) => string,
	language: Locale = locale()
): { act: CaseAct; options: { value: string; label: string }[] }[] {
	const titleOf = (id: string) => text(sessions.find((one) => one.id === id)?.title ?? { original: 'en' }).text;
	const written = (act: CaseAct) =>
		messages
			.filter((one) => one.act === act)
			.map(({ id, words, at }) => ({ value: id, label: joinLabel(timeOf(at), short(words), language) }));
	const named = (isFitting: (one: CaseTargets['people'][number]) => boolean) =>
		people.filter(isFitting).map(({ id, display_name, is_reporter }) => ({
			value: id,
			label: is_reporter
				? m.safeguarding_act_reporter({ name: isolated(display_name, language) }, { locale: language })
				: display_name
		}));
	const options: Record<CaseAct, { value: string; label: string }[]> = {
		hide_message: written('hide_message'),
		hide_question: written('hide_question'),
		end_stream: sessions.filter(({ is_on }) => is_on).map(({ id }) => ({ value: id, label: titleOf(id) })),
		freeze_recording: recordings
			.filter(({ is_held }) => !is_held)
			.map(({ id, session, at }) => ({ value: id, label: joinFacts([titleOf(session), timeOf(at)], language) })),
		no_photographs: named(() => true),
		walk_out: named(({ is_reporter, is_out }) => !is_reporter && !is_out),
		let_in_again: named(({ is_out }) => is_out)
	};
	return caseActs.map((act) => ({ act, options: options[act] }));
}

/** What the timeline says of an act, in English: what was done, with what came of it, and to what. Null: it is none of its targets. */
export function actNote(
	act: CaseAct,
	target: string,
	targets: CaseTargets,
	timeOf: (at: string) => string
): string | null {
	const found = optionsOfTargets(targets, timeOf, 'en')
		.find((one) => one.act === act)
		?.options.find(({ value }) => value === target);
	if (!found) return null;
	const words = targets.messages.find(({ id }) => id === target)?.words;
	return `${actOutcomes[act]}\n${words ?? found.label}`;
}
