import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { readLarge } from './large.ts';
import { isId } from '#lib/forms/ids.ts';
import type {
	CaptionCue,
	ListedRecording,
	RecordingFormat,
	RunRecording,
	SessionRecording
} from '#lib/recording/recording.ts';
import type { PublishedRecording, RecordingFile } from '#lib/database/answers/recording.ts';

/** What this reader may know of a run's recording. */
export async function readRecording(client: DataClient, run: string): Promise<RunRecording | null> {
	const [recording, large] = await Promise.all([rpc(client, 'recording_of_run', { run }), readLarge(client, run)]);
	return recording && { ...recording, large };
}

/** Starts a recording. */
export function startRecording(client: DataClient, run: string): Promise<AnswerOf<'start_recording'>> {
	return rpc(client, 'start_recording', { run });
}

/** Stops it by hand. */
export function stopRecording(client: DataClient, run: string) {
	return rpc(client, 'stop_recording', { run });
}

/** The recordings of a session that this reader may watch. */
export function readRecordings(client: DataClient, session: string): Promise<SessionRecording[]> {
	return rpc(client, 'session_recordings', { session });
}

/** The recordings of a Summit that this reader may watch. */
export function readPublishedRecordings(client: DataClient, summit: string): Promise<PublishedRecording[]> {
	return rpc(client, 'list_published_recordings', { summit });
}

/** Whether the reader agreed to be recorded in a session when they raised a hand. */
export function agreedFromFloor(client: DataClient, session: string): Promise<boolean> {
	return rpc(client, 'has_floor_consent', { session });
}

/** Withdraws that consent: recordings with them are sealed. */
export function takeBackFloorConsent(client: DataClient, session: string) {
	return rpc(client, 'withdraw_floor_consent', { session });
}

/** All recordings of a Summit, for programme organisers. */
export function listRecordings(client: DataClient, summit: string): Promise<ListedRecording[]> {
	return rpc(client, 'list_recordings', { summit });
}

/** Publishes, withdraws or deletes a recording. `publish_rest` publishes a trimmed one and deletes what was cut off. */
export async function actOnRecording(client: DataClient, act: string, recording: string) {
	if (!isId(recording)) return 'not_found';
	if (act === 'delete') return rpc(client, 'delete_recording', { recording });
	if (!['publish', 'publish_rest', 'withdraw'].includes(act)) return 'not_found';
	return rpc(client, 'publish_recording', {
		recording,
		published: act !== 'withdraw',
		drop_rest: act === 'publish_rest'
	});
}

/** Asks for a trim, in milliseconds of the file; `until` is null at its end. */
export async function trimRecording(client: DataClient, recording: string, from: number, until: number | null) {
	if (!isId(recording)) return 'not_found' as const;
	return rpc(client, 'trim_recording', { recording, from_ms: from, until_ms: until });
}

/** Undoes a trim. */
export async function undoTrim(client: DataClient, recording: string) {
	return isId(recording) ? rpc(client, 'undo_recording_trim', { recording }) : ('not_found' as const);
}

/** Whether the minutes that the reader watches count as attendance. */
export function doesWatchingCount(client: DataClient, recording: string): Promise<boolean> {
	return rpc(client, 'does_watching_count', { recording });
}

/** Adds what the reader's player has played, in milliseconds of the file. */
export async function saveWatching(client: DataClient, recording: string, played: readonly (readonly number[])[]) {
	if (!isId(recording)) return 'not_found' as const;
	return rpc(client, 'save_watching', { recording, played: played.map((span) => [...span]) });
}

const formatOf = ({ media_type }: RecordingFile): RecordingFormat => (media_type === 'video/mp4' ? 'mp4' : 'webm');

type Opened = NonNullable<AnswerOf<'open_recording'>>;

// Null for those who may not have the recording.
async function open(client: DataClient, summit: string, recording: string): Promise<Opened | null> {
	return isId(recording) ? rpc(client, 'open_recording', { summit, recording }) : null;
}

// The recording itself, and its MP4 copy if there is one.
const filesOf = (found: Opened | null): RecordingFile[] => (found ? [found, ...(found.copy ? [found.copy] : [])] : []);

/**
 * What a player of this reader has of a recording: its formats, its own first, and its interpreted sound, of which organisers
 * alone still hear what `is_left_out`. Nothing where there is no recording or the reader may not watch it.
 */
export async function readPlayable(
	client: DataClient,
	summit: string,
	recording: string
): Promise<{ formats: RecordingFormat[]; sounds: { language: string; is_left_out: boolean }[] }> {
	const found = await open(client, summit, recording);
	return { formats: filesOf(found).map(formatOf), sounds: found?.languages ?? [] };
}

/**
 * The object of a recording that this reader may have, in its own format by default; null when there is none or
 * the reader may not watch it.
 */
export async function openRecording(
	client: DataClient,
	summit: string,
	recording: string,
	wanted: string | null = null
): Promise<(RecordingFile & { object: string; format: RecordingFormat }) | null> {
	const files = filesOf(await open(client, summit, recording));
	const index = wanted === null ? 0 : files.findIndex((file) => formatOf(file) === wanted);
	const file = files[index];
	if (!file) return null;
	const name = index === 0 ? 'object_of_recording' : 'object_of_recording_copy';
	const [row] = await callPrivate(name, [recording]);
	const [object] = Object.values(row ?? {});
	return object ? { ...file, object, format: formatOf(file) } : null;
}

/** The object of a language that this reader may have; null for others. */
export async function openSound(client: DataClient, summit: string, recording: string, language: string) {
	const file = (await open(client, summit, recording))?.languages.find((one) => one.language === language);
	if (!file) return null;
	const [row] = await callPrivate('object_of_recording_language', [recording, language]);
	return row?.object_of_recording_language ? { ...file, object: row.object_of_recording_language } : null;
}

/** Leaves a language out of a recording, or puts it in again. */
export async function leaveOutLanguage(client: DataClient, recording: string, language: string, isLeftOut: boolean) {
	if (!isId(recording)) return 'not_found' as const;
	return rpc(client, 'leave_out_language', { recording, language, is_left_out: isLeftOut });
}

/** Whether the reader agreed to be recorded as an interpreter of a session. */
export function agreedInBooth(client: DataClient, session: string): Promise<boolean> {
	return rpc(client, 'has_booth_consent', { session });
}

/** Agrees to be recorded in the booths of a run, or withdraws it. */
export function setBoothConsent(client: DataClient, run: string, agrees: boolean) {
	return rpc(client, 'set_booth_consent', { run, agrees });
}

/** Withdraws that consent for every run of a session. */
export function takeBackBoothConsent(client: DataClient, session: string) {
	return rpc(client, 'withdraw_booth_consent', { session });
}

/** One recording of a session that this reader may watch, or preview as a draft; null for others. */
export async function watchable(
	client: DataClient,
	summit: string,
	session: { id: string; code: string },
	recording: string
): Promise<(SessionRecording & { is_draft: boolean }) | null> {
	const shown = (await readRecordings(client, session.id)).find(({ id }) => id === recording);
	if (shown) return { ...shown, is_draft: false };
	if (!(await openRecording(client, summit, recording))) return null;
	const draft = (await listRecordings(client, summit)).find(
		({ id, code }) => id === recording && code === session.code
	);
	return draft?.length_ms ? { ...draft, session: session.id, length_ms: draft.length_ms, is_draft: true } : null;
}

/** Captions by language, with their times in the file; null for readers who may not watch it. */
export async function readRecordingCaptions(
	client: DataClient,
	summit: string,
	recording: string
): Promise<Record<string, CaptionCue[]> | null> {
	return isId(recording) ? rpc(client, 'recording_captions', { summit, recording }) : null;
}
