import { m } from '#lib/i18n/messages.ts';
import { headersOf, whipHeaders } from '#lib/stage/hall-whip.ts';
import { carryWhip, type WhipRequest } from './livekit-hall.ts';

/**
 * The answer to an encoder; each refusal is a sentence, because some encoders show it. `own` is the requested address.
 */
export async function answerWhip(
	code: string,
	summit: string | undefined,
	room: string,
	own: string,
	request: WhipRequest
): Promise<Response> {
	const answer = summit && code ? await carryWhip(code, summit, room, request) : 'refused';
	if (answer instanceof Response)
		// LiveKit's own error messages are about its rooms, so they are not passed on.
		return new Response(answer.ok && answer.status !== 204 ? await answer.text() : null, {
			status: answer.status,
			headers: headersOf(answer, own)
		});
	const refusals = {
		refused: () => refuse(401, m.stage_hall_whip_refused(), { 'www-authenticate': 'Bearer' }),
		busy: () => refuse(409, m.stage_hall_whip_busy()),
		away: () => refuse(503, m.stage_away(), { 'retry-after': '3' })
	};
	return refusals[answer]();
}

function refuse(status: number, sentence: string, more: Record<string, string> = {}): Response {
	return new Response(sentence, {
		status,
		headers: { ...whipHeaders, 'content-type': 'text/plain; charset=utf-8', ...more }
	});
}
