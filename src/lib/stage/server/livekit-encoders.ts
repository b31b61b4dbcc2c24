import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { HallRun } from '#lib/stage/hall.ts';

/**
 * The runs of a room that are not over, with the senders of its hall; null for everybody but organisers of all stages.
 */
export function readEncoders(client: DataClient, summit: string, room: string): Promise<HallRun[] | null> {
	return rpc(client, 'read_encoders', { summit, room });
}

/** The code of a run's encoder, shown once; the former one ends. Null for people who may not make one. */
export async function makeEncoderCode(client: DataClient, run: string): Promise<string | null> {
	const made = await rpc(client, 'make_encoder_code', { run });
	return made.status === 'ok' ? made.code : null;
}

/** Ends an encoder's code, or the ingress of a run. */
export function endEncoder(client: DataClient, run: string, kind: 'encoder' | 'ingress') {
	return rpc(client, 'end_encoder', { run, kind });
}
