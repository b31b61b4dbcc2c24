import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import type { Concern, ConcernBatch } from '#lib/safeguarding/concerns.ts';

/** The report and its place; `reporter` null: anonymous. */
interface ConcernReport {
	summit: string;
	session: string | null;
	run: string | null;
	reporter: string | null;
	words: string;
	/** Codes of people on stage. */
	about: string[];
	isAboutLead: boolean;
}

/** The source of a report: each signed-in person is one source, even if others share their address. */
interface Sender {
	person: string | null;
	/** As from `clientOf`. */
	client: string;
}

function sourceOf({ person, client }: Sender): Buffer {
	return theSealer().hash(person === null ? `client ${client}` : `person ${person}`, 'concern source');
}

/**
 * Submits a concern to the safeguarding leads, sealed. It is never refused: too many from one source become one entry
 * of their list.
 */
export async function raiseConcern(report: ConcernReport, sender: Sender): Promise<void> {
	const { summit, session, run, reporter, words, about, isAboutLead } = report;
	const { sealed, keyId } = theSealer().seal(words.trim(), contexts.concern);
	const source = sourceOf(sender);
	await callPrivate('raise_concern', [summit, session, run, reporter, '', sealed, keyId, source, about, isAboutLead]);
}

/** Reports a chat message as a concern. */
export async function reportMessage(sender: Sender, message: string) {
	const { person } = sender;
	const found = await callPrivate('reported_message_text', [person, message]);
	const words = found[0]?.reported_message_text;
	if (!words) return 'not_found';
	const { sealed, keyId } = theSealer().seal(words, contexts.concern);
	const rows = await callPrivate('report_message', [person, message, sealed, keyId, sourceOf(sender)]);
	return rows[0]?.report_message ?? 'not_found';
}

// Null: its key is gone.
function opened(sealed: string | null, keyId: string | null): string | null {
	if (sealed === null || keyId === null) return '';
	try {
		return theSealer().open(Buffer.from(sealed, 'hex'), keyId, contexts.concern);
	} catch {
		return null;
	}
}

/** What a reader sees: concerns one by one, and batches of many from one source. */
interface ConcernList {
	concerns: Concern[];
	batches: ConcernBatch[];
}

/**
 * The concerns of a Summit that the reader may read, decrypted; null for everybody but safeguarding leads and deputies.
 * Each reading is logged. `chosen`: the closed one, or the batch, whose text is requested too.
 */
export async function listConcerns(
	client: DataClient,
	summit: string,
	chosen: string | null
): Promise<ConcernList | null> {
	const list = await rpc(client, 'list_concerns', { summit, opened: chosen });
	return (
		list && {
			batches: list.batches,
			concerns: list.concerns.map(({ text_sealed, key_id, note_sealed, note_key_id, ...concern }) => ({
				...concern,
				words: text_sealed === null ? undefined : opened(text_sealed, key_id),
				note: opened(note_sealed, note_key_id) ?? ''
			}))
		}
	);
}

/** Closes the open concerns of a batch. Answers how many. */
export function closeConcernBatch(client: DataClient, batch: string): Promise<number> {
	return rpc(client, 'close_concern_batch', { batch });
}

/** Marks whom a concern is about, or removes a mark. */
export function markConcernSubject(client: DataClient, concern: string, person: string, isAbout: boolean) {
	return rpc(client, 'mark_concern_subject', { concern, person, is_about: isAbout });
}

/** How many concerns wait for a person who may read them, for owners. */
export function concernsWithoutReader(client: DataClient, summit: string): Promise<number> {
	return rpc(client, 'count_concerns_without_reader', { summit });
}

/** Closes one with the action taken, or opens it again. */
export function closeConcern(client: DataClient, concern: string, closed: boolean, note: string) {
	const { sealed, keyId } = theSealer().seal(note, contexts.concern);
	const sealedNote = note === '' ? {} : { note_sealed: sealed.toString('hex'), note_key_id: keyId };
	return rpc(client, 'close_concern', { concern, closed, ...sealedNote });
}
