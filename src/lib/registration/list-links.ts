import type { Dimension, Stage } from './figures.ts';

const states: Record<Stage, string> = {
	begun: 'draft',
	review: 'submitted,nominated,accredited',
	payment: 'awaiting_payment',
	confirmed: 'confirmed',
	ended: 'declined,withdrawn,expired'
};
/** Where the people of a figure are listed; null where the list has no such filter (a value that is not stated). */
export function listOfFigure(base: string, stage: Stage, dimension?: Dimension, value?: string | null): string | null {
	if (dimension && (value === null || value === undefined)) return null;
	const search = new URLSearchParams({ tab: 'all' });
	const wanted = dimension === 'state' ? (value ?? '') : states[stage];
	for (const state of wanted.split(',')) search.append('state', state);
	if (dimension && dimension !== 'state') search.set(dimension, value ?? '');
	return `${base}/registrations?${search.toString()}`;
}

/** Where the people of one state are listed. */
export function listOfState(base: string, state: string): string {
	return `${base}/registrations?${new URLSearchParams({ tab: 'all', state }).toString()}`;
}
