/* The call for proposals and its questions. No I/O. */
import type { Answer, Question } from '#lib/database/answers/proposals/call.ts';

export type {
	Answer,
	Answered,
	Call,
	CallSettings,
	CallWindow,
	Question
} from '#lib/database/answers/proposals/call.ts';

export const questionKinds = ['text', 'long_text', 'choice', 'several', 'number'] as const;

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
