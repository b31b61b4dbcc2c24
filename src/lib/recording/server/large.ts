import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { LargeAudience } from '#lib/recording/recording.ts';
import { TtlCache } from '#lib/live/ttl-cache.ts';
import { readBucket } from './bucket.ts';
import { hasEgress } from './choice.ts';
import { hls } from './egress.ts';

/**
 * Whether a run is sent to a large audience; null where this installation cannot, or for readers who may not see it.
 */
export async function readLarge(client: DataClient, run: string): Promise<LargeAudience | null> {
	return hasEgress() ? rpc(client, 'large_audience_state', { run }) : null;
}

/** Turns the stream for a large audience on or off. */
export function setLarge(client: DataClient, run: string, isOn: boolean) {
	return rpc(client, 'set_large_audience', { run, is_on: isOn });
}

const piece = /^piece_\d{1,8}\.ts$/;

/** The file name of a part of the stream, or null for anything else. */
export function fileOfStream(name: string): 'playlist' | 'piece' | null {
	if (name === hls.playlist) return 'playlist';
	return piece.test(name) ? 'piece' : null;
}

type FileBytes = Uint8Array<ArrayBuffer> | null;
// Thousands request the same few segments within the same seconds; the bucket is asked once.
const files = new TtlCache<FileBytes>({ entries: 48, ttl: 60_000 });
const playlistTtl = 1000;

/**
 * A file of the stream of a room's run, for people who may watch it at this very moment; null for everybody else.
 * `said`: the code of the session whose content note they have confirmed.
 */
export async function openStream(
	person: string | null,
	summit: string,
	room: string,
	name: string,
	confirmed = ''
): Promise<FileBytes> {
	const kind = fileOfStream(name);
	if (!kind || !hasEgress()) return null;
	const rows = await callPrivate('find_large_audience_stream', [person, summit, room, confirmed]);
	const key = rows[0]?.find_large_audience_stream;
	return key ? readFile(`${key}/${name}`, kind === 'playlist' ? { ttl: playlistTtl } : {}) : null;
}

function readFile(path: string, options: { ttl?: number }): Promise<FileBytes> {
	return files.get(
		path,
		async () => {
			const body = await readBucket(path);
			// A missing file is requested again later.
			if (!body) files.delete(path);
			return body && new Uint8Array(await new Response(body).arrayBuffer());
		},
		options
	);
}
