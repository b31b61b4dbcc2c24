import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { HallRun } from '#lib/stage/hall.ts';

/** The runs of a room that are not over, with what sends for its hall; null for whoever does not answer for all stages. */
export function readEncoders(client: DataClient, summit: string, room: string): Promise<HallRun[] | null> {
	return rpc<HallRun[] | null>(client, 'read_encoders', { summit, room });
}

/** The code of a run's encoder, told once; the one before it ends. Null for whoever may not make one. */
export async function makeEncoderCode(client: DataClient, run: string): Promise<string | null> {
	return (await rpc<{ code?: string }>(client, 'make_encoder_code', { run })).code ?? null;
}

/** Ends an encoder's code, or the ingress of a run. `ok`, `already` or not_found. */
export function endEncoder(client: DataClient, run: string, kind: 'encoder' | 'ingress'): Promise<string> {
	return rpc<string>(client, 'end_encoder', { run, kind });
}
