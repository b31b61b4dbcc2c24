import { createHash, randomBytes } from 'node:crypto';
import { callPrivate } from '#lib/database/server/pool.ts';
import { isId } from '#lib/forms/ids.ts';
import { withNames } from '#lib/stage/naming.ts';
import type { RecorderRun } from '#lib/database/answers/recording.ts';

/** A piece is what a recorder makes in two seconds; this is twenty times as much. */
export const largestPiece = 8_000_000;

const form = /^[A-Za-z0-9_-]{43}$/;

/** Only the hash of a key is stored. Null for an invalid key. */
function recorderKeyHash(key: string): Buffer | null {
	return form.test(key) ? createHash('sha256').update(key).digest() : null;
}

/** A new key of one recording; the former one opens nothing any more. */
export async function newKey(recording: string): Promise<string> {
	const key = randomBytes(32).toString('base64url');
	await callPrivate('set_recorder_key', [recording, recorderKeyHash(key)]);
	return key;
}

/** The same for the page that draws a run for a large audience. */
export async function newLargeKey(run: string): Promise<string> {
	const key = randomBytes(32).toString('base64url');
	await callPrivate('set_large_audience_key', [run, recorderKeyHash(key)]);
	return key;
}

/** The current task of a page that draws the stage; null when its key is invalid. */
export async function findView(key: string): Promise<RecorderRun | null> {
	const hash = recorderKeyHash(key);
	if (!hash) return null;
	const rows = await callPrivate('rendered_view', [hash]);
	const found = rows[0]?.rendered_view ?? null;
	return found && { ...found, on_stage: withNames(found.on_stage) };
}

/** Begins a part: its number, or null when nothing is to be recorded. */
export async function beginPart(key: string): Promise<number | null> {
	const rows = await callPrivate('begin_recording_part', [recorderKeyHash(key)]);
	return rows[0]?.begin_recording_part ?? null;
}

/** Records a piece that is in the store. */
export async function addPiece(key: string, part: number, number: number, object: string) {
	const rows = await callPrivate('add_recording_chunk', [recorderKeyHash(key), part, number, object]);
	return rows[0]?.add_recording_chunk ?? 'over';
}

/** Whether a key may send pieces now. */
export async function isRecorderKey(key: string): Promise<boolean> {
	const hash = recorderKeyHash(key);
	return hash !== null && (await callPrivate('is_recorder_key', [hash]))[0]?.is_recorder_key === true;
}

/** A piece of the sound of a language that is in the store; `starts`: when in the part its first piece begins, in milliseconds. */
export async function addLanguagePiece(
	key: string,
	piece: { part: number; language: string; number: number; starts: number },
	object: string
) {
	const { part, language, number, starts } = piece;
	const rows = await callPrivate('add_language_chunk', [recorderKeyHash(key), part, language, number, starts, object]);
	return rows[0]?.add_language_chunk ?? 'over';
}

/** Ends a part. */
export async function endPart(key: string, part: number): Promise<void> {
	await callPrivate('end_recording_part', [recorderKeyHash(key), part]);
}

/** Records that people speak without sound in the recording, or that the sound is back. */
export async function noteSound(key: string, isLost: boolean): Promise<void> {
	await callPrivate('save_recorder_sound', [recorderKeyHash(key), isLost]);
}

/** The file of a page of slides, while the page is shown in what this key draws; null otherwise. */
export async function slideOfKey(key: string, version: string, page: number): Promise<string | null> {
	const hash = recorderKeyHash(key);
	if (!hash || !isId(version)) return null;
	const rows = await callPrivate('rendered_slide', [hash, version, page]);
	return rows[0]?.rendered_slide ?? null;
}
