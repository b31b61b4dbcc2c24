import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { SpeakerPage } from '#lib/agenda/reading.ts';

const code = /^[A-Z2-9]{4,12}$/;

/** A speaker as the reader may see them; null when there is none or the reader may not see them. */
export async function readSpeaker(reader: DataClient, summit: string, asked: string): Promise<SpeakerPage | null> {
	const known = asked.toUpperCase();
	if (!code.test(known)) return null;
	return rpc(reader, 'read_speaker', { summit, code: known });
}
