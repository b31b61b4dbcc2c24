import { bearerOf, maxOfferBytes, whipHeaders } from '#lib/stage/hall-whip.ts';
import { answerWhip } from '#lib/stage/server/livekit-whip.ts';
import type { RequestHandler } from './$types';

/** Further ICE candidates of the encoder, or an ICE restart. */
export const PATCH: RequestHandler = async ({ request, locals, params, url }) => {
	const body = await request.text();
	if (body.length > maxOfferBytes) return new Response(null, { status: 413, headers: whipHeaders });
	return answerWhip(bearerOf(request.headers.get('authorization')), locals.summit.id, params.room, url.pathname, {
		method: 'PATCH',
		participant: params.participant,
		body,
		ifMatch: request.headers.get('if-match')
	});
};

/** The encoder stops. */
export const DELETE: RequestHandler = ({ request, locals, params, url }) =>
	answerWhip(bearerOf(request.headers.get('authorization')), locals.summit.id, params.room, url.pathname, {
		method: 'DELETE',
		participant: params.participant
	});

export const OPTIONS: RequestHandler = () => new Response(null, { status: 204, headers: whipHeaders });
