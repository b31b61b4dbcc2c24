import { egressReport } from '#lib/recording/server/egress.ts';
import { noteEgress } from '#lib/recording/server/egress-keeping.ts';
import { applyEvent } from '#lib/stage/server/events.ts';
import { readLivekitEvent, type LiveKitEvent } from '#lib/stage/server/livekit.ts';
import type { RequestHandler } from './$types';

const most = 256 * 1024;

/** Webhooks of LiveKit. After a 500 it sends an event again; a forged or old one gets 401. */
export const POST: RequestHandler = async ({ request }) => {
	if (Number(request.headers.get('content-length') ?? 0) > most) return new Response(null, { status: 413 });
	const body = await request.text();
	if (body.length > most) return new Response(null, { status: 413 });
	let event: LiveKitEvent;
	try {
		event = await readLivekitEvent(body, request.headers.get('authorization'));
	} catch {
		return new Response(null, { status: 401 });
	}
	if (event.egress) await noteEgress(egressReport(event.egress));
	else await applyEvent(event);
	return new Response(null, { status: 204 });
};
