/* Deadlines after the end of a Summit. No I/O. */
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { addDays } from '#lib/i18n/time.ts';
import { startOfDay } from './local-time.ts';

/** The error of one, at its field. */
export const lateWords = (): string => m.summits_fault_late();

/** When a Summit is over, in milliseconds: the midnight after its last day, at its venue (private.summit_end). */
function endOf({ ends_on: day, zone }: { ends_on: string; zone: string }): number {
	return startOfDay(addDays(day, 1), zone);
}

/** The form with a sentence at each deadline that the database refused; by the names of the fields, instants in ISO UTC. */
export function withLateDeadlines(
	form: FormResult,
	deadlines: Record<string, string | null>,
	summit: { ends_on: string; zone: string }
): FormResult {
	const late = Object.entries(deadlines).filter(([, at]) => at !== null && Date.parse(at) > endOf(summit));
	return late.length === 0
		? withIssue(form, '', lateWords())
		: late.reduce((so, [name]) => withIssue(so, name, lateWords()), form);
}
