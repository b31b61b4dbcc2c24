import type { RefusalOf } from '#lib/database/calls.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { Pass } from '#lib/stage/stage.ts';
import { httpAddress, livekitSettings, mintToken } from './livekit.ts';
import { streamState } from './tokens.ts';
import type { HallPass as Decision } from '#lib/database/answers/stage/rooms.ts';

// As for everybody: a token that somebody keeps expires soon.
const life = 120;

async function decide(code: string, summit: string, room: string, kind: string, takes: boolean): Promise<Decision> {
	const rows = await callPrivate('hall_pass', [code, summit, room, kind, takes]);
	if (!rows[0]) throw new Error('hall_pass gave no row.');
	return rows[0].hall_pass;
}

/**
 * A token for the browser at the desk of a room, which sends for the hall; `refused`: the code is invalid; `busy`:
 * another one sends. `takes`: it replaces that one.
 */
export async function hallPassFor(
	code: string,
	summit: string,
	room: string,
	takes = false
): Promise<Extract<Pass, { status: 'ok' | 'away' }> | { status: RefusalOf<'hall_pass'> }> {
	const found = livekitSettings();
	const decision = await decide(code, summit, room, 'browser', takes);
	if (decision.status !== 'ok') return { status: decision.status };
	if (!found || (await streamState()) !== 'ready') return { status: 'away', building: false };
	return {
		status: 'ok',
		url: found.url,
		token: await mintToken(decision.identity, decision.room, decision.publish, life),
		until: Date.now() + (life - 15) * 1000,
		run: decision.run,
		purpose: 'stage',
		publish: decision.publish
	};
}

/** A WHIP request of an encoder (RFC 9725). */
export interface WhipRequest {
	method: 'POST' | 'PATCH' | 'DELETE';
	/** LiveKit's id of the session; none while it is being made. */
	participant?: string;
	body?: string;
	ifMatch?: string | null;
}

/** LiveKit's answer, or why it was not called. */
type WhipAnswer = Response | 'refused' | 'busy' | 'away';

/**
 * Forwards an encoder's request to LiveKit, with a token made for this request. The encoder's own code is worthless at
 * LiveKit, and after a raised level or a restart the same code leads to the current room of the run.
 */
export async function carryWhip(
	code: string,
	summit: string,
	room: string,
	{ method, participant, body, ifMatch }: WhipRequest
): Promise<WhipAnswer> {
	const decision = await decide(code, summit, room, 'encoder', false);
	if (decision.status !== 'ok') return decision.status === 'busy' ? 'busy' : 'refused';
	const found = livekitSettings();
	if (!found) return 'away';
	const token = await mintToken(decision.identity, decision.room, decision.publish, life, true);
	const headers: Record<string, string> = { authorization: `Bearer ${token}` };
	if (method === 'POST') headers['content-type'] = 'application/sdp';
	if (method === 'PATCH') headers['content-type'] = 'application/trickle-ice-sdpfrag';
	if (ifMatch) headers['if-match'] = ifMatch;
	const address = `${httpAddress(found.url)}/whip/v1${participant ? `/${encodeURIComponent(participant)}` : ''}`;
	try {
		return await fetch(address, { method, headers, body: body ?? null, signal: AbortSignal.timeout(8000) });
	} catch {
		return 'away';
	}
}
