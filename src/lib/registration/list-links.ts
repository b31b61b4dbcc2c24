import { isRegion } from '#lib/members/regions.ts';
import type { Dimension, RegistrationStage } from './figures.ts';

const states: Record<RegistrationStage, readonly string[]> = {
	begun: ['draft'],
	review: ['submitted', 'nominated', 'accredited'],
	payment: ['awaiting_payment'],
	confirmed: ['confirmed'],
	ended: ['declined', 'withdrawn', 'expired']
};

const address = (base: string, pairs: [string, string][]) =>
	`${base}/registrations?${new URLSearchParams([['tab', 'all'], ...pairs]).toString()}`;

/** The list of the people in a figure; null where the list has no such filter (a value that is not stated). */
export function listOfFigure(
	base: string,
	stage: RegistrationStage,
	dimension?: Dimension,
	value?: string | null
): string | null {
	const pairs = states[stage].map((state): [string, string] => ['state', state]);
	if (!dimension) return address(base, pairs);
	if (!value || (dimension === 'region' && !isRegion(value))) return null;
	return address(base, [...pairs, [dimension, value]]);
}

/** The list of the people in one state. */
export function listOfState(base: string, state: string): string {
	return address(base, [['state', state]]);
}

/** The list of what the desk has to decide. */
export function listToDecide(base: string): string {
	return `${base}/registrations?tab=decide`;
}
