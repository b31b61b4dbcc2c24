/*
 * What of the counts of a survey may be shown, by the rules of the figures: no group below the threshold is named or can be computed. Not
 * by subtracting, not from an average, and not from a question that only they were asked. No I/O.
 */
import type { SurveyCounts, SurveyQuestion } from '#lib/database/answers/evaluation.ts';
import { namedGroups } from '#lib/registration/suppression.ts';

type Counted = SurveyCounts['questions'][number];

/** A result as it is shown; a count of null is suppressed. */
export interface ShownResult extends SurveyQuestion {
	/** How many answered; null: the whole result is suppressed. */
	answered: number | null;
	groups: { value: string; count: number | null }[];
	/** Of a scale: to one decimal where all counts are shown, else to the nearest half of four groups at least. */
	average: { value: number; isRounded: boolean } | null;
	/** Of numbers, to two significant figures, of two groups at least: of a few it is the number of one person. */
	median: number | null;
}

const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Each option of several is a group of its own beside those who did not choose it. */
function severalGroups({ values, counts, answered }: Counted, threshold: number) {
	return values.map((value) => {
		const count = counts[value] ?? 0;
		return { value, count: count >= threshold && answered - count >= threshold ? count : null };
	});
}

function oneGroups({ values, counts, answered }: Counted, threshold: number) {
	const groups = values.map((value) => ({ value, count: counts[value] ?? 0 }));
	// As with several choices: what everybody answered is the answer of each whose mark is there.
	if (groups.some(({ count }) => count === answered)) return groups.map(({ value }) => ({ value, count: null }));
	const named = namedGroups({ groups, domain: values }, threshold);
	const hidden = groups.filter(({ value }) => !named.has(value));
	// Where nobody is in the groups that are not named, the rest of the sum says so anyway.
	const isEmpty = hidden.every(({ count }) => count === 0);
	return groups.map(({ value, count }) => ({ value, count: named.has(value) || isEmpty ? count : null }));
}

function averageOf({ counts, answered }: Counted, areAllShown: boolean, threshold: number) {
	const sum = Object.entries(counts).reduce((all, [value, count]) => all + Number(value) * count, 0);
	const exact = sum / Math.max(1, total(counts));
	if (areAllShown) return { value: Math.round(exact * 10) / 10, isRounded: false };
	// An exact average is an equation of the suppressed counts; one of few people, or at an end of the scale, nearly is.
	const value = Math.round(exact * 2) / 2;
	return answered < 4 * threshold || value === 1 || value === 5 ? null : { value, isRounded: true };
}

/** The results that are shown. */
export function shownResults({ questions, smallest_group: threshold }: SurveyCounts): ShownResult[] {
	const shown = new Map<string, ShownResult>();
	for (const counted of questions) {
		const { values: _values, counts: _counts, answered, median, ...question } = counted;
		const parent = question.depends_on === null ? null : shown.get(question.depends_on);
		// Who was asked this is the size of these groups: it is told where they are.
		const isTold =
			!parent ||
			(parent.answered !== null &&
				parent.groups.every(({ value, count }) => count !== null || !question.depends_values.includes(value)));
		const hidden: ShownResult = { ...question, answered: null, groups: [], average: null, median: null };
		// Texts follow only answers of which each group is shown, as the database has it (are_survey_texts_shown).
		if (question.kind === 'text') {
			const isShown = !parent || (isTold && parent.groups.every(({ count }) => count !== null));
			shown.set(question.key, { ...hidden, answered: isShown ? answered : null });
			continue;
		}
		if (!isTold || answered < threshold) {
			shown.set(question.key, hidden);
			continue;
		}
		const groups = question.kind === 'choices' ? severalGroups(counted, threshold) : oneGroups(counted, threshold);
		const areAllShown = groups.every(({ count }) => count !== null);
		const isScale = question.kind === 'scale';
		shown.set(question.key, {
			...hidden,
			answered,
			// Of a scale the counts are shown all or not at all: some of them and the average would give the others.
			groups: isScale && !areAllShown ? groups.map(({ value }) => ({ value, count: null })) : groups,
			average: isScale ? averageOf(counted, areAllShown, threshold) : null,
			median: median === null || answered < 2 * threshold ? null : Number(median.toPrecision(2))
		});
	}
	return [...shown.values()];
}
