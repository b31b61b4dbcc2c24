import { createHash } from 'node:crypto';
import type { ApiCheckIn } from '#lib/database/answers/integrations.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { bodyWithin, isJson } from '#lib/forms/server/request-body.ts';
import * as v from 'valibot';
import { canonicalCheckIn, checkInSchema, idempotencyKeyOf, type CheckInRequest } from '../check-in.ts';
import type { ProblemCode } from '../problems.ts';
import type { ApiRequest } from './requests.ts';
import { answerJson, answerProblem } from './responses.ts';

/** What the app makes of the code of a badge, at the door of a Summit. */
type ReadBadge = (
	place: { id: string; zone: string; starts_on: string; ends_on: string },
	asked: CheckInRequest
) => Promise<{ badge: string } | { badge_code: string } | { refused: { answer: string } }>;

const most = 4096;

const refusals: Record<Exclude<ApiCheckIn['status'], 'ok'>, ProblemCode> = {
	refused: 'key_revoked',
	not_allowed: 'maker_not_allowed',
	key_reused: 'idempotency_key_reused',
	closed: 'summit_closed',
	no_checkpoint: 'checkpoint_not_found'
};

function parsed(text: string): CheckInRequest | null {
	try {
		const result = v.safeParse(checkInSchema, JSON.parse(text));
		return result.success ? result.output : null;
	} catch {
		return null;
	}
}

/** Checks one badge. The same Idempotency-Key gets the same answer for a day, and no second scan. */
export async function checkInByKey(request: ApiRequest, readBadge: ReadBadge): Promise<Response> {
	const idempotencyKey = idempotencyKeyOf(request.request.headers);
	if (!idempotencyKey) return answerProblem(request, 'idempotency_key_missing');
	if (!isJson(request.request)) return answerProblem(request, 'not_json');
	const body = await bodyWithin(request.request, most);
	if (!body) return answerProblem(request, 'too_large');
	const asked = parsed(body.toString('utf8'));
	if (!asked) return answerProblem(request, 'invalid_body');
	const read = await readBadge({ id: request.summit, ...request.key.summit }, asked);
	const [row] = await callPrivate('api_check_in', [
		request.hash,
		idempotencyKey,
		createHash('sha256').update(canonicalCheckIn(asked)).digest(),
		'badge' in read ? read.badge : null,
		'badge_code' in read ? read.badge_code : null,
		'refused' in read ? read.refused.answer : null,
		asked.checkpoint ?? null,
		asked.direction
	]);
	const found = row?.api_check_in;
	if (!found) return answerProblem(request, 'failed');
	if ('is_repeated' in found && found.is_repeated) request.headers.set('idempotency-replayed', 'true');
	if (found.status !== 'ok') return answerProblem(request, refusals[found.status]);
	const { status: _, is_repeated: __, ...answer } = found;
	return answerJson(request, answer);
}
