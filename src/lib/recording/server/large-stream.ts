/*
 * The stream of a large audience (HLS), by three addresses. The one of the room reads the session of the reader and answers with a pass;
 * the one with the pass lists the pieces; the address of a piece is signed, the same for everybody, and expires. So a reader is checked
 * once a minute or when their rights change, and no piece asks the database.
 */
import { callPrivate } from '#lib/database/server/pool.ts';
import type { PrivateRow } from '#lib/database/calls.ts';
import { isSecret } from '#lib/forms/server/secrets.ts';
import { LiveCache } from '#lib/live/server/live-cache.ts';
import { TtlCache } from '#lib/live/ttl-cache.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import * as v from 'valibot';
import { readBucket } from './bucket.ts';
import { hasEgress } from './choice.ts';
import { hls } from './egress.ts';

type Stream = PrivateRow<'read_large_audience_stream'>;
type FileBytes = Uint8Array<ArrayBuffer> | null;

/** Who watches: a person or a visitor, and which session's notice they have confirmed. */
interface Reader {
	person: string | null;
	confirmed: string;
}

const piece = /^piece_\d{1,8}\.ts$/;
/** For how long a piece is kept, here and by a CDN, and its address is valid at least. */
export const pieceSeconds = 60;
const pieceMs = pieceSeconds * 1000;
// The addresses of a piece change so often, so that many readers share one.
const windowMs = 30_000;

/** Ends of runs, levels and notices: also known within a second where no event tells of them. */
const streams = new LiveCache<Stream | null>({
	entries: 100,
	ttl: 1000,
	onEvent: ({ topic }, cache) => {
		if (topic.startsWith('session:')) cache.clear();
	}
});
const readers = new LiveCache<boolean>({
	entries: 20_000,
	ttl: 60_000,
	onEvent: ({ topic, kind }, cache) => {
		if (topic.startsWith('person:')) cache.deleteTopic(topic);
		else if (kind === 'rights') cache.clear();
	}
});
// Thousands request the same few segments within the same seconds; the bucket is asked once.
const files = new TtlCache<FileBytes>({ entries: 48, ttl: pieceMs });
const playlistTtl = 1000;

/**
 * The playlist of a room's stream for somebody who may watch it at this moment: it names the one behind their pass. Null for everybody
 * else, and while nothing is sent.
 */
export async function openStream(
	{ person, confirmed }: Reader,
	{ summit, room }: { summit: string; room: string }
): Promise<string | null> {
	if (!hasEgress()) return null;
	const rows = await callPrivate('find_large_audience_stream', [person, summit, room, confirmed]);
	const stream = rows[0]?.find_large_audience_stream;
	if (!stream) return null;
	const address = `${addressOf(stream)}/${hls.playlist}?pass=${passFor(stream, { person, confirmed })}`;
	const { width, height } = hls;
	return `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=${hls.kilobits * 1000},RESOLUTION=${width}x${height}\n${address}\n`;
}

/** The playlist behind a pass, with signed addresses of its pieces; null when its reader may not watch now. */
export async function openPlaylist(id: string, pass: string): Promise<string | null> {
	const reader = readPass(id, pass);
	const stream = reader && (await readStream(id));
	if (!stream || !(await mayWatch(id, stream, reader))) return null;
	const bytes = await readFile(`${stream.object_key}/${hls.playlist}`, { ttl: playlistTtl });
	return bytes && withSignedPieces(id, Buffer.from(bytes).toString());
}

/** A piece, by its signed address; null when that is wrong or has expired, and once the stream is over. */
export async function openPiece(
	id: string,
	name: string,
	{ until, signature }: { until: string; signature: string }
): Promise<FileBytes> {
	if (!piece.test(name) || !isSecret(signature, signatureOf(id, name, until)) || Number(until) < Date.now())
		return null;
	const stream = await readStream(id);
	return stream && readFile(`${stream.object_key}/${name}`);
}

const addressOf = (id: string) => `/live/large/${id}`;

async function readStream(id: string): Promise<Stream | null> {
	if (!hasEgress()) return null;
	return streams.get(id, async () => (await callPrivate('read_large_audience_stream', [id]))[0] ?? null);
}

// Another notice has to be confirmed first: the answer is one for the notice that is shown now.
function mayWatch(id: string, { said }: Stream, { person, confirmed }: Reader): Promise<boolean> {
	const key = JSON.stringify([id, said, person, confirmed]);
	return readers.get(
		key,
		async () => {
			const rows = await callPrivate('may_watch_large_audience', [id, person, confirmed]);
			const may = rows[0]?.may_watch_large_audience ?? false;
			// Who is refused may confirm the notice in the next moment.
			if (!may) readers.delete(key);
			return may;
		},
		{ topicOf: () => (person === null ? null : `person:${person}`) }
	);
}

// Sealed, because addresses are written into logs of servers and proxies.
function passFor(id: string, reader: Reader): string {
	const { sealed, keyId } = theSealer().seal(JSON.stringify([id, reader]), contexts.largeAudiencePass);
	return `${sealed.toString('base64url')}.${keyId}`;
}

const Pass = v.tuple([v.string(), v.object({ person: v.nullable(v.string()), confirmed: v.string() })]);

function readPass(id: string, pass: string): Reader | null {
	const [sealed = '', ...keyId] = pass.split('.');
	const text = theSealer().tryOpen(Buffer.from(sealed, 'base64url'), keyId.join('.'), contexts.largeAudiencePass);
	if (text === null) return null;
	const [stream, reader] = v.parse(Pass, JSON.parse(text));
	return stream === id ? reader : null;
}

function withSignedPieces(id: string, list: string): string {
	const until = String((Math.floor(Date.now() / windowMs) + 1) * windowMs + pieceMs);
	const signed = (name: string) => `${addressOf(id)}/${name}?until=${until}&signature=${signatureOf(id, name, until)}`;
	return list
		.split('\n')
		.map((line) => (piece.test(line.trim()) ? signed(line.trim()) : line))
		.join('\n');
}

const signatureOf = (...parts: [id: string, name: string, until: string]) =>
	theSealer().hash(parts.join(' '), 'piece of a large audience').toString('base64url');

function readFile(path: string, options: { ttl?: number } = {}): Promise<FileBytes> {
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
