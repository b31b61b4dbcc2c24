/* Results as the rows of a file, in the reader's language: what is shown on the page, and nothing more. */
import type { CsvCell } from '#lib/files/csv.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { surveyOptions } from './branching.ts';
import type { ShownResult } from './results.ts';

/** A header and a row for each group, average, median and released text. */
export function resultRows(
	results: readonly ShownResult[],
	texts: readonly { question: string; body: string }[]
): CsvCell[][] {
	const head = [m.summits_question(), m.evaluation_answer(), m.evaluation_count()];
	const rows = results.flatMap((result): CsvCell[][] => {
		const label = text(result.label).text;
		if (result.kind === 'text' && result.answered !== null)
			return texts.filter(({ question }) => question === result.id).map(({ body }) => [label, body, '']);
		if (result.answered === null) return [[label, m.evaluation_hidden_result(), '']];
		const labels = new Map(surveyOptions(result).map((option) => [option.value, option.label]));
		return [
			[label, m.evaluation_answers(), result.answered],
			...result.groups.map(({ value, count }): CsvCell[] => [
				label,
				labels.get(value) ?? value,
				count ?? m.evaluation_suppressed()
			]),
			...(result.average ? [[label, m.evaluation_average_word(), result.average.value]] : []),
			...(result.median === null ? [] : [[label, m.evaluation_median_word(), result.median]])
		];
	});
	return [head, ...rows];
}
