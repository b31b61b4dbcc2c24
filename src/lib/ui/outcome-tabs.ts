import { number } from '#lib/i18n/time.ts';

interface Preview<Outcome extends string> {
	/** The address of the preview. */
	base: string;
	all: { label: string; count: number };
	outcomes: readonly Outcome[];
	counts: Partial<Record<Outcome, number>>;
	word: (outcome: Outcome) => string;
	/** The outcome that is shown; none: all rows. */
	shown: string | null;
}

/** The tabs of a file's preview: all of its rows, and each outcome that occurs. */
export function outcomeTabs<Outcome extends string>({ base, all, outcomes, counts, word, shown }: Preview<Outcome>) {
	return [
		{ href: base, label: all.label, count: number(all.count), current: !shown },
		...outcomes
			.filter((outcome) => (counts[outcome] ?? 0) > 0)
			.map((outcome) => ({
				href: `${base}?show=${outcome}`,
				label: word(outcome),
				count: number(counts[outcome] ?? 0),
				current: shown === outcome
			}))
	];
}
