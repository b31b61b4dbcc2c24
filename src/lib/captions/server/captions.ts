import { randomBytes, createHash } from 'node:crypto';
import { isHttpError } from '@sveltejs/kit';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import type { Captioning, Captions, EngineToken } from '#lib/captions/captions.ts';
import type { VttCue } from '#lib/captions/vtt.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { EnginePosted, TranscriptLines } from '#lib/database/answers/captions.ts';
import type { TranscriptFilters } from '#lib/captions/transcript.ts';
import { withNames } from '#lib/stage/naming.ts';

const nothing: Captions = { languages: [], lines: [], may_write: false };

/** The captions of the last minutes in a room, or of this open run there; none for readers who may not enter. */
export async function readCaptions(client: DataClient, summit: string, room: string, run?: string): Promise<Captions> {
	return (await rpc(client, 'read_captions', { summit, room, ...(run !== undefined && { run }) })) ?? nothing;
}

/** A captioner's page; null for everybody else. */
export async function readCaptioning(
	client: DataClient,
	summit: string,
	room: string,
	language: string
): Promise<Captioning | null> {
	const read = await rpc(client, 'read_caption_editor', { summit, room, language });
	return read && { ...read, on_stage: withNames(read.on_stage) };
}

/** Writes a line; `took` in milliseconds. */
export async function writeCaption(
	client: DataClient,
	run: string,
	language: string,
	words: string,
	took: number
): Promise<AnswerOf<'write_caption'>['status']> {
	return (await rpc(client, 'write_caption', { run, language, words, took })).status;
}

/** Corrects a line; without text it is deleted. */
export function correctCaption(client: DataClient, run: string, language: string, number: number, words: string) {
	return rpc(client, 'correct_caption', { run, language, number, words });
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** Makes a key for an engine, shown once. */
export async function makeEngineToken(client: DataClient, run: string, language: string) {
	const token = randomBytes(24).toString('base64url');
	const status = await rpc(client, 'make_caption_token', { run, language, token_hash: hashOf(token) });
	return { status, token };
}

/** Revokes a key. */
export function revokeEngineToken(client: DataClient, token: string) {
	return rpc(client, 'revoke_caption_token', { token });
}

/** The valid keys. */
export async function readEngineTokens(client: DataClient, run: string): Promise<EngineToken[]> {
	return (await rpc(client, 'read_caption_tokens', { run })) ?? [];
}

/** Lines of an engine. */
export async function postCaptions(token: string, lines: unknown): Promise<EnginePosted> {
	try {
		const rows = await callPrivate('post_captions', [hashOf(token), JSON.stringify(lines)]);
		return rows[0]?.post_captions ?? { status: 'refused' };
	} catch (error) {
		// The database refuses invalid characters (NUL, half a surrogate pair) before any function is called.
		if (isHttpError(error, 400)) return { status: 'invalid' };
		throw error;
	}
}

/** Whether captions of a session were kept, for its organisers. */
export function hasKeptCaptions(client: DataClient, session: string): Promise<boolean> {
	return rpc(client, 'has_kept_captions', { session });
}

/** The transcript of a past session; null when this reader may not read one. */
export function readTranscript(
	client: DataClient,
	summit: string,
	code: string,
	language: string
): Promise<VttCue[] | null> {
	return rpc(client, 'read_transcript', { summit, code, language });
}

/** The languages in which a session has a transcript for this reader. */
export async function listTranscripts(client: DataClient, summit: string, code: string): Promise<string[]> {
	return (await rpc(client, 'list_transcripts', { summit, code })) ?? [];
}

/** A page of the lines of a session's transcripts; null for those who may not edit the session. */
export function readTranscriptLines(
	client: DataClient,
	session: string,
	{ q, language, page }: TranscriptFilters
): Promise<TranscriptLines | null> {
	return rpc(client, 'read_transcript_lines', { session, query: q, page, ...(language && { language }) });
}

/** Takes a line out of a transcript. */
export function removeTranscriptLine(client: DataClient, line: string): Promise<AnswerOf<'remove_transcript_line'>> {
	return rpc(client, 'remove_transcript_line', { line });
}
