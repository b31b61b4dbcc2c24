/* What the rows of a list can be limited to. The same schemas read an address, and describe it in the OpenAPI document. */
import { isDate } from '#lib/summits/local-time.ts';
import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import type { ApiListName } from './addresses.ts';

const code = (words: string) => v.optional(v.pipe(v.string(), v.regex(/^\w{1,40}$/), v.description(words)));
const oneOf = <const Names extends readonly string[]>(names: Names, words: string) =>
	v.optional(v.pipe(v.picklist(names), v.description(words)));
const since = (words: string) =>
	v.optional(
		v.pipe(
			v.string(),
			v.isoTimestamp(),
			v.check((text) => isDate(text.slice(0, 10)) && !Number.isNaN(Date.parse(text))),
			v.description(words)
		)
	);

const states = enums.registration_state.filter((state) => state !== 'draft');

/** The filters of a list, by their names in the address. A row is answered when it fits all that are given. */
export const apiFilters = {
	registrations: v.strictObject({
		state: oneOf(states, 'Those in this state.'),
		mode: oneOf(enums.attendance_mode, 'Those who take part in this way.'),
		category: oneOf(enums.registration_category, 'Those of this category.'),
		member: code('Those of the member with this code.'),
		state_since: since('Those whose state changed at this instant or later.')
	}),
	presence: v.strictObject({ session: code('Those who attended the session with this code.') }),
	documents: v.strictObject({
		kind: oneOf(enums.library_kind, 'Those of this kind.'),
		published_since: since(
			'Those whose shown version everybody may read since this instant or later, which with an embargo is its end.'
		)
	})
} as const satisfies Partial<Record<ApiListName, v.GenericSchema>>;

const none = v.strictObject({});

/** The schema of the filters that a list takes. */
export function filtersOf(list: ApiListName): v.GenericSchema<unknown, Record<string, string | undefined>> {
	return list in apiFilters ? apiFilters[list as keyof typeof apiFilters] : none;
}
