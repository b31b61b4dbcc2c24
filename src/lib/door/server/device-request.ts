import { longestCode } from '#lib/door/answer.ts';
import { jsonBody } from '#lib/forms/server/request-body.ts';
import { error, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Summit } from '#lib/summits/summit.ts';
import type { DeviceIdentity } from './devices.ts';

/** The Summit, the person and their device. */
export function deviceIdentityOf({ locals, request }: RequestEvent): { summit: Summit; asking: DeviceIdentity } {
	const { summit, viewer } = locals;
	const key = request.headers.get('x-door-key') ?? '';
	if (!viewer?.personId || !/^[\w-]{20,64}$/.test(key)) error(400);
	return { summit, asking: { person: viewer.personId, key } };
}

/** The body of a request, if it has this shape. */
export async function deviceBodyOf<Schema extends v.GenericSchema>(
	{ request }: RequestEvent,
	schema: Schema
): Promise<v.InferOutput<Schema>> {
	const parsed = v.safeParse(schema, await jsonBody(request));
	if (!parsed.success) error(400);
	return parsed.output;
}

const moment = v.pipe(v.string(), v.isoTimestamp());
const direction = v.picklist(['in', 'out']);
const offset = v.pipe(v.number(), v.finite(), v.toMinValue(-1e10), v.toMaxValue(1e10), v.transform(Math.round));

/** The request for one scan. */
export const scanSchema = v.object({
	id: v.pipe(v.string(), v.uuid()),
	code: v.pipe(v.string(), v.maxLength(longestCode)),
	direction,
	at: moment,
	offset
});

/** What a device sends with its offline scans. */
export const syncSchema = v.object({
	now: moment,
	queued: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000)),
	battery_percent: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100))),
	version: v.pipe(v.string(), v.maxLength(40)),
	after: v.pipe(v.number(), v.integer(), v.minValue(0)),
	scans: v.pipe(
		v.array(
			v.object({
				id: v.pipe(v.string(), v.uuid()),
				badge: v.optional(v.pipe(v.string(), v.uuid())),
				badge_code: v.optional(v.pipe(v.string(), v.maxLength(20))),
				direction,
				at: moment,
				offset,
				answer: v.picklist([
					'welcome',
					'left',
					'already_in',
					'full',
					'not_here',
					'not_open',
					'wrong_mode',
					'not_confirmed',
					'in_review',
					'revoked',
					'stop',
					'other_day',
					'unlisted'
				]),
				checkpoint: v.pipe(v.string(), v.uuid()),
				device: v.optional(v.pipe(v.string(), v.uuid())),
				undone: v.optional(v.boolean())
			})
		),
		v.maxLength(100)
	)
});
