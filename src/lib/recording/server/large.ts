import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { LargeAudience } from '#lib/recording/recording.ts';
import { readBucket } from './bucket.ts';
import { hasEgress } from './choice.ts';
import { hls } from './egress.ts';

/** Whether a run is sent to a large audience; null where this installation cannot, or for whoever does not see it. */
export async function readLarge(client: DataClient, run: string): Promise<LargeAudience | null> {
	return hasEgress() ? rpc<LargeAudience | null>(client, 'large_audience_state', { run }) : null;
}

/** ok, already, or why not: not_found, level, ended. */
export function setLarge(client: DataClient, run: string, isOn: boolean): Promise<string> {
	return rpc<string>(client, 'set_large_audience', { run, is_on: isOn });
}

const piece = /^piece_\d{1,8}\.ts$/;

/** The name of a file of the stream, or null for what is none. */
export function fileOfStream(name: string): 'playlist' | 'piece' | null {
	if (name === hls.playlist) return 'playlist';
	return piece.test(name) ? 'piece' : null;
}

interface Kept {
	until: number;
	bytes: Promise<Uint8Array<ArrayBuffer> | null>;
}
// Thousands ask for the same few pieces within the same seconds; the bucket is asked once.
const kept = new Map<string, Kept>();
const mostKept = 48;

/**
 * A file of the stream of a room's run, for whoever may watch it at this very moment; null for everybody else. `said`: the code
 * of the session whose content note they have read.
 */
export async function openStream(
	person: string | null,
	summit: string,
	room: string,
	name: string,
	said = ''
): Promise<Uint8Array<ArrayBuffer> | null> {
	const kind = fileOfStream(name);
	if (!kind || !hasEgress()) return null;
	const rows = await callPrivate<{ find_large_audience_stream: string | null }>('find_large_audience_stream', [
		person,
		summit,
		room,
		said
	]);
	const key = rows[0]?.find_large_audience_stream;
	return key ? keptFile(`${key}/${name}`, kind === 'playlist' ? 1000 : 60_000) : null;
}

function keptFile(path: string, life: number, now = Date.now()): Promise<Uint8Array<ArrayBuffer> | null> {
	const found = kept.get(path);
	if (found && found.until > now) return found.bytes;
	const bytes = readBucket(path).then(async (body) =>
		body ? new Uint8Array(await new Response(body).arrayBuffer()) : null
	);
	kept.set(path, { until: now + life, bytes });
	// What is not there yet, or could not be had, is asked for again.
	bytes.then(
		(read) => !read && kept.delete(path),
		() => kept.delete(path)
	);
	for (const old of kept.keys()) {
		if (kept.size <= mostKept) break;
		kept.delete(old);
	}
	return bytes;
}
