import * as v from 'valibot';

/** What a check-in asks for. */
export const checkInSchema = v.strictObject({
	code: v.pipe(
		v.string(),
		v.minLength(1),
		v.maxLength(400),
		v.description('The text of the QR code of the badge, or the code that is printed under it.')
	),
	checkpoint: v.optional(
		v.pipe(v.string(), v.uuid(), v.description('Where the badge is read; without it the first entrance.'))
	),
	direction: v.optional(v.picklist(['in', 'out']), 'in')
});
export type CheckInRequest = v.InferOutput<typeof checkInSchema>;

/** The request in one form, whatever the order and the spaces of its body. */
export const canonicalCheckIn = ({ code, checkpoint, direction }: CheckInRequest): string =>
	JSON.stringify([code, checkpoint?.toLowerCase() ?? null, direction]);

const idempotencyKey = /^[!-~]{1,255}$/;

/** The Idempotency-Key of a request; null where it has none that fits. */
export function idempotencyKeyOf(headers: Headers): string | null {
	const given = headers.get('idempotency-key') ?? '';
	return idempotencyKey.test(given) ? given : null;
}
