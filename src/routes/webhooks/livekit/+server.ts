import { bodyWithin } from '#lib/forms/server/request-body.ts';
import { egressReport } from '#lib/recording/server/egress.ts';
import { noteEgress } from '#lib/recording/server/egress-keeping.ts';
import { applyEvent } from '#lib/stage/server/events.ts';
import { readLivekitEvent, type LiveKitEvent } from '#lib/stage/server/livekit.ts';
import type { RequestHandler } from './$types';

const most = 256 * 1024;

/** Webhooks of LiveKit. After a 500 it sends an event again; a forged or old one gets 401. */
export const POST: RequestHandler = async ({ request }) => {
	const body = await bodyWithin(request, most);
	if (body === null) return new Response(null, { status: 413 });
	let event: LiveKitEvent;
	try {
		event = await readLivekitEvent(body.toString(), request.headers.get('authorization'));
	} catch {
		return new Response(null, { status: 401 });
	}
	if (event.egress) await noteEgress(egressReport(event.egress));
	else await applyEvent(event);
	return new Response(null, { status: 204 });
};
