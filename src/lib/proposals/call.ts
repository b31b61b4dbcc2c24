/* The call for proposals and its questions. No I/O. */
import type { TextMap } from '#lib/i18n/locale.ts';

export const questionKinds = ['text', 'long_text', 'choice', 'several', 'number'] as const;
type QuestionKind = (typeof questionKinds)[number];

/** A question of the call: about the proposal, or about each of its people. */
export interface Question {
	id: string;
	label: TextMap;
	help: TextMap;
	kind: QuestionKind;
	choices: { key: string; label: TextMap }[];
	is_required: boolean;
	about: 'proposal' | 'person';
	readers: 'reviewers' | 'organisers';
	in_balance: boolean;
	position: number;
}

/** An answer: one text, or keys where several may be chosen. */
export type Answer = string | string[];

/** A question with its answer. */
export type Answered = Question & { answer: Answer };

/** Whether the call is open: by the database's clock, for this reader. */
export type CallWindow = 'none' | 'before' | 'open' | 'late' | 'closed';

/** The public call. Instants are ISO. */
export interface Call {
	window: CallWindow;
	opens_at: string;
	closes_at: string;
	late_until: string | null;
	text: TextMap;
	max_per_person: number;
	is_anonymous: boolean;
	formats: { id: string; name: TextMap; minutes: number }[];
	tracks: { id: string; name: TextMap }[];
	questions: Question[];
}

/** The call as its organisers set it; `call` is null before there is one. */
export interface CallSettings {
	call: {
		opens_at: string;
		closes_at: string;
		text: TextMap;
		format_ids: string[];
		track_ids: string[];
		max_per_person: number;
		is_anonymous: boolean;
		version: number;
	} | null;
	questions: Question[];
	late_links: {
		id: string;
		note: string;
		until: string;
		name: string | null;
		state: 'open' | 'used' | 'expired' | 'revoked';
	}[];
}

/** The name of a question's field in a form; `own`: the answer is about the person who writes. */
export function inputName({ id, kind, about }: Pick<Question, 'id' | 'kind' | 'about'>): string {
	return `${about === 'person' ? 'own' : 'answer'}_${id}${kind === 'several' ? '[]' : ''}`;
}

/** The answers of a form, by question; absent questions are left out. */
export function readAnswers(
	data: FormData,
	questions: readonly Question[],
	about: Question['about']
): Record<string, Answer> {
	const asked = questions.filter((question) => question.about === about);
	const answers: Record<string, Answer> = {};
	for (const question of asked) {
		const name = inputName(question);
		if (question.kind === 'several') {
			// Unticked checkboxes send nothing: a hidden field shows that they were in the form.
			if (data.has(`${name}asked`)) answers[question.id] = data.getAll(name).map(String);
		} else {
			const typed = data.get(name);
			if (typeof typed === 'string') answers[question.id] = typed.trim();
		}
	}
	return answers;
}
