import { wholeNumber } from '#lib/forms/fields.ts';
import { sectors } from '#lib/members/member.ts';
import { modes } from '#lib/registration/registration.ts';
import * as v from 'valibot';
import type { SeatRules } from '#lib/database/answers/summits.ts';

export type { SeatRules } from '#lib/database/answers/summits.ts';

/** The fields of the form. */
export const seatSchema = v.object(
	Object.fromEntries([
		...modes.map((mode) => [`capacity.${mode}`, wholeNumber(0, 100_000)]),
		...sectors.flatMap((sector) => modes.map((mode) => [`ceiling.${sector}.${mode}`, wholeNumber(0, 1000)]))
	]) as Record<string, ReturnType<typeof wholeNumber>>
);

/** The rules of the form. */
export function seatRulesFrom(output: Record<string, number>): SeatRules {
	const row = (prefix: string) => Object.fromEntries(modes.map((mode) => [mode, output[`${prefix}.${mode}`] ?? 0]));
	return {
		capacities: row('capacity'),
		ceilings: Object.fromEntries(sectors.map((sector) => [sector, row(`ceiling.${sector}`)]))
	};
}
