import { m } from '#lib/i18n/messages.ts';
import { bearerOf, maxOfferBytes, whipHeaders } from '#lib/stage/hall-whip.ts';
import { answerWhip } from '#lib/stage/server/livekit-whip.ts';
import type { RequestHandler } from './$types';

/** Receives the offer of a hall's encoder (WHIP), from anybody who has the code of the run. */
export const POST: RequestHandler = async ({ request, locals, params, url }) => {
	if (!request.headers.get('content-type')?.startsWith('application/sdp'))
		return new Response(m.stage_hall_whip_no_offer(), { status: 415, headers: whipHeaders });
	const body = await request.text();
	if (body.length > maxOfferBytes) return new Response(null, { status: 413, headers: whipHeaders });
	return answerWhip(bearerOf(request.headers.get('authorization')), locals.summit.id, params.room, url.pathname, {
		method: 'POST',
		body
	});
};

export const OPTIONS: RequestHandler = () => new Response(null, { status: 204, headers: whipHeaders });
