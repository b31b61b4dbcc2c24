import type { Dimension, Stage } from './figures.ts';

const states: Record<Stage, string> = {
	begun: 'draft',
	review: 'submitted,nominated,accredited',
	payment: 'awaiting_payment',
	confirmed: 'confirmed',
	ended: 'declined,withdrawn,expired'
};
// The question of the list that holds people of a stage.
const tabs: Record<Stage, string> = {
	begun: 'draft',
	review: 'decide',
	payment: 'waiting',
	confirmed: 'confirmed',
	ended: 'ended'
};

/** Where the people of a figure are listed; null where the list has no such filter (a value that is not stated). */
export function listOfFigure(base: string, stage: Stage, dimension?: Dimension, value?: string | null): string | null {
	if (dimension && (value === null || value === undefined)) return null;
	const search = new URLSearchParams({ tab: tabs[stage] });
	if (dimension === 'state') search.set('state', value ?? '');
	else if (dimension) search.set(dimension, value ?? '');
	return `${base}/registrations?${search.toString()}`;
}

/** Where the people of one state are listed. */
export function listOfState(base: string, state: string): string {
	const stage = (Object.keys(states) as Stage[]).find((each) => states[each].split(',').includes(state)) ?? 'review';
	return `${base}/registrations?${new URLSearchParams({ tab: tabs[stage], state }).toString()}`;
}
