/* Deadlines after the end of a Summit. No I/O. */
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { endOfSummit } from './local-time.ts';

/** The error of one, at its field. */
export const lateWords = (): string => m.summits_fault_late();

/** The form with a sentence at each deadline that the database refused; by the names of the fields, instants in ISO UTC. */
export function withLateDeadlines(
	form: FormResult,
	deadlines: Record<string, string | null>,
	summit: { ends_on: string; zone: string }
): FormResult {
	const late = Object.entries(deadlines).filter(([, at]) => at !== null && Date.parse(at) > endOfSummit(summit));
	return late.length === 0
		? withIssue(form, '', lateWords())
		: late.reduce((so, [name]) => withIssue(so, name, lateWords()), form);
}
