/* The call for proposals and its questions. No I/O. */
import type { CallAnswer, CallQuestion } from '#lib/database/answers/proposals/call.ts';

export type { CallAnswer, Answered, Call, CallSettings, CallQuestion } from '#lib/database/answers/proposals/call.ts';

export const questionKinds = ['text', 'long_text', 'choice', 'several', 'number'] as const;

/** The name of a question's field in a form; `own`: the answer is about the person who writes. */
export function questionInputName({ id, kind, subject }: Pick<CallQuestion, 'id' | 'kind' | 'subject'>): string {
	return `${subject === 'person' ? 'own' : 'answer'}_${id}${kind === 'several' ? '[]' : ''}`;
}

/** The answers of a form, by question; absent questions are left out. */
export function readCallAnswers(
	data: FormData,
	questions: readonly CallQuestion[],
	subject: CallQuestion['subject']
): Record<string, CallAnswer> {
	const asked = questions.filter((question) => question.subject === subject);
	const answers: Record<string, CallAnswer> = {};
	for (const question of asked) {
		const name = questionInputName(question);
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
