import type { DataClient } from '#lib/database/client.ts';
import { IngressClient, IngressInput, type IngressInfo } from 'livekit-server-sdk';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { httpAddress, livekitSettings } from './livekit.ts';
import { endEncoder } from './livekit-encoders.ts';

/** The RTMP address for an encoder; shown once. */
interface RtmpAddress {
	url: string;
	key: string;
}

/** Whether LiveKit Ingress runs beside LiveKit. Only the configuration says so. */
export function hasIngress(): boolean {
	return process.env['LIVEKIT_INGRESS'] === '1' && livekitSettings() !== null;
}

function client(): IngressClient {
	const found = livekitSettings();
	if (!found) throw new Error('LiveKit is not configured.');
	return new IngressClient(httpAddress(found.url), found.key, found.secret, { requestTimeout: 8 });
}

/** Makes an address for the hall of a run; the former one ends. `away`: LiveKit made none, and nothing is stored. */
export async function openIngress(
	supabase: DataClient,
	run: string
): Promise<RtmpAddress | 'not_found' | 'ended' | 'away'> {
	const made = await rpc(supabase, 'make_ingress', { run });
	if (made.status !== 'ok') return made.status;
	const rows = await callPrivate('ingress_livekit_room', [made.identity]);
	const roomName = rows[0]?.ingress_livekit_room;
	if (!roomName) return 'ended';
	try {
		// LiveKit's own console shows the name, so it names no session and no person.
		const { url, streamKey } = await client().createIngress(IngressInput.RTMP_INPUT, {
			name: 'hall',
			roomName,
			participantIdentity: made.identity
		});
		await sweepIngresses();
		return { url, key: streamKey };
	} catch {
		await endEncoder(supabase, run, 'ingress');
		return 'away';
	}
}

/** Deletes our ingresses that LiveKit should no longer have; those of others on the same LiveKit stay. */
export async function sweepIngresses(): Promise<void> {
	if (!hasIngress()) return;
	const all = await client().listIngress();
	if (all.length === 0) return;
	const stale = await callPrivate('revoke_stale_ingresses', [
		all.map(({ participantIdentity }) => participantIdentity),
		all.map(({ roomName }) => roomName)
	]);
	const doomed = new Set(stale.map(({ revoke_stale_ingresses }) => revoke_stale_ingresses));
	await Promise.all(all.filter(({ participantIdentity }) => doomed.has(participantIdentity)).map(remove));
}

async function remove({ ingressId }: IngressInfo): Promise<void> {
	try {
		await client().deleteIngress(ingressId);
	} catch (error) {
		// Another of our processes was faster.
		if (!(error instanceof Error && 'status' in error && error.status === 404)) throw error;
	}
}
