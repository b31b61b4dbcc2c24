/* What the lead of a case does from it, in words. No I/O. */
import type { CaseTargets } from '#lib/database/answers/safeguarding/cases.ts';
import { text } from '#lib/i18n/locale.ts';

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
	summary: string;
	/** What follows, before it is done. */
	effect: string;
	/** What is chosen. */
	target: string;
	button: string;
	/** What the timeline says was done, with what came of it. */
	outcome: string;
}

export const caseActWords: Record<CaseAct, CaseActWords> = {
	hide_message: {
		summary: 'Hide a message of the chat',
		effect: 'It is deleted for everybody at once. Its words stay in the timeline of this case.',
		target: 'Message',
		button: 'Hide the message',
		outcome: 'Hid a message of the chat. Outcome: deleted for everybody.'
	},
	hide_question: {
		summary: 'Hide a question',
		effect: 'Nobody but the hosts sees it any more.',
		target: 'Question',
		button: 'Hide the question',
		outcome: 'Hid a question. Outcome: only the hosts of the session still see it.'
	},
	end_stream: {
		summary: 'Stop a stream',
		effect: 'The stage of the session ends at once for everybody, and its recording stops.',
		target: 'Session',
		button: 'Stop the stream',
		outcome: 'Stopped the stream. Outcome: its stage is closed.'
	},
	freeze_recording: {
		summary: 'Freeze a recording',
		effect: 'Nobody watches or gets it any more, and it is kept until this case is deleted.',
		target: 'Recording',
		button: 'Freeze the recording',
		outcome: 'Froze a recording. Outcome: sealed, and held until this case is deleted.'
	},
	no_photographs: {
		summary: 'Set that somebody is not photographed',
		effect: 'On their badge, at the doors and on the list of the camera crew at once. They can change it themselves.',
		target: 'Who is not photographed',
		button: 'Set “No photographs”',
		outcome: 'Set “No photographs”. Outcome: shown on the badge, at doors and on the list of the camera crew.'
	},
	walk_out: {
		summary: 'Record that somebody was walked out',
		effect:
			'Their badge opens no door, and their stages and streams end at once. The registration stays. Devices at doors without a network follow when they have one.',
		target: 'Who was walked out',
		button: 'Record, and withdraw the badge',
		outcome: 'Walked out. Outcome: the badge is withdrawn, doors and streams are closed to them.'
	},
	let_in_again: {
		summary: 'Let somebody in again',
		effect: 'They get a new badge. What the watch list says still holds.',
		target: 'Who is let in',
		button: 'Let in again',
		outcome: 'Let in again. Outcome: a new badge.'
	}
};

const short = (words: string) => (words.length > 90 ? `${words.slice(0, 90)}…` : words);

/** The acts with what each can be about, in words; acts without anything are left out by the page. */
export function optionsOfTargets(
	{ messages, sessions, recordings, people }: CaseTargets,
	timeOf: (at: string) => string
): { act: CaseAct; options: { value: string; label: string }[] }[] {
	const titleOf = (id: string) => text(sessions.find((one) => one.id === id)?.title ?? { original: 'en' }).text;
	const written = (act: CaseAct) =>
		messages
			.filter((one) => one.act === act)
			.map(({ id, words, at }) => ({ value: id, label: `${timeOf(at)}: ${short(words)}` }));
	const named = (isFitting: (one: CaseTargets['people'][number]) => boolean) =>
		people.filter(isFitting).map(({ id, display_name, is_reporter }) => ({
			value: id,
			label: is_reporter ? `${display_name} (reported it)` : display_name
		}));
	const options: Record<CaseAct, { value: string; label: string }[]> = {
		hide_message: written('hide_message'),
		hide_question: written('hide_question'),
		end_stream: sessions.filter(({ is_on }) => is_on).map(({ id }) => ({ value: id, label: titleOf(id) })),
		freeze_recording: recordings
			.filter(({ is_held }) => !is_held)
			.map(({ id, session, at }) => ({ value: id, label: `${titleOf(session)}, ${timeOf(at)}` })),
		no_photographs: named(() => true),
		walk_out: named(({ is_reporter, is_out }) => !is_reporter && !is_out),
		let_in_again: named(({ is_out }) => is_out)
	};
	return caseActs.map((act) => ({ act, options: options[act] }));
}

/** What the timeline says of an act: what was done, with what came of it, and to what. Null: it is none of its targets. */
export function actNote(
	act: CaseAct,
	target: string,
	targets: CaseTargets,
	timeOf: (at: string) => string
): string | null {
	const found = optionsOfTargets(targets, timeOf)
		.find((one) => one.act === act)
		?.options.find(({ value }) => value === target);
	if (!found) return null;
	const words = targets.messages.find(({ id }) => id === target)?.words;
	return `${caseActWords[act].outcome}\n${words ?? found.label}`;
}
