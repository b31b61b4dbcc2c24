/* The forms with which organisers write an impact report. No I/O. */
import { checkbox, optionalText, wholeNumber } from '#lib/forms/fields.ts';
import { gatherText, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';
import { indicatorKeys, type IndicatorKey } from './indicators.ts';

const version = wholeNumber(0, 1_000_000_000);

/** The text of one place in the languages given. */
export const textSchema = (tags: readonly string[]) =>
	v.object({ version, ...textEntries('text', tags, { most: 5000, lines: true }) });

/** Reads it. */
export const textFrom = (output: Record<string, unknown>, tags: readonly string[]) => gatherText(output, 'text', tags);

/** The indicators that have one number, for which a target may be set. */
export const targetKeys: readonly IndicatorKey[] = indicatorKeys.filter((key) => key !== 'feedback');

/** The name of the field of a target. */
export const targetField = (key: IndicatorKey) => `target.${key}`;

/** The targets of all indicators; empty: none. */
export const targetsSchema = v.object({
	version,
	...Object.fromEntries(
		targetKeys.map((key) => [targetField(key), v.optional(v.union([v.literal(''), wholeNumber(0, 1_000_000_000)]), '')])
	)
});

/** Reads them; null: no target. */
export function targetsFrom(output: Record<string, unknown>): Partial<Record<IndicatorKey, number | null>> {
	return Object.fromEntries(
		targetKeys.map((key) => {
			const value = output[targetField(key)];
			return [key, typeof value === 'number' ? value : null];
		})
	);
}

/** Releasing: what was looked at, and that it was. */
export const releaseSchema = v.object({
	version,
	after: version,
	/** Of the numbers that were looked at. */
	fingerprint: optionalText(100),
	reason: optionalText(300),
	confirmed: checkbox()
});
