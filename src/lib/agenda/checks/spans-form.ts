/* Time spans (from, until) as rows of a form. No I/O. */
import { optionalText } from '#lib/forms/fields.ts';
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import { instantOf } from '#lib/summits/local-time.ts';

/** How many rows the form shows: the existing ones, and two more. */
export const spanRows = (during: readonly unknown[]) => Math.min(during.length + 2, 60);

/** Schema entries of this number of rows. */
export function spanEntries(rows: number) {
	const names = Array.from({ length: rows }, (_, at) => [`from.${at}`, `until.${at}`]).flat();
	return Object.fromEntries(names.map((name) => [name, optionalText(30)]));
}

/** The typed spans by the clock of a zone, and their errors in the given words. */
export function spansFrom(
	given: Record<string, string>,
	form: FormResult,
	{ rows, zone, words }: { rows: number; zone: string; words: { from: string; until: string } }
): { during: { start: string; end: string }[]; form: FormResult } {
	let result = form;
	const during: { start: string; end: string }[] = [];
	for (let at = 0; at < rows; at += 1) {
		const [from = '', until = ''] = [given[`from.${at}`], given[`until.${at}`]];
		if (from === '' && until === '') continue;
		const [start, end] = [from, until].map((local) => instantOf(local, zone));
		if (!start) result = withIssue(result, `from.${at}`, words.from);
		else if (!end || end <= start) result = withIssue(result, `until.${at}`, words.until);
		else during.push({ start, end });
	}
	return { during, form: result };
}
