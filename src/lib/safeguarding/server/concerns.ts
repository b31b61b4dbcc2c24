import { createHash } from 'node:crypto';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { codeFrom, groupedCode, readCode } from '#lib/forms/code.ts';
import { locale } from '#lib/i18n/locale.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import type { SealedConcern } from '#lib/database/answers/safeguarding/concerns.ts';
import type { Concern, ConcernBatch } from '#lib/safeguarding/concerns.ts';

/** The report and its place; `reporter` null: anonymous. */
interface ConcernReport {
	/** The name of the form, as `formId` made it. */
	form: string;
	summit: string;
	session: string | null;
	run: string | null;
	reporter: string | null;
	/** Who writes it down for somebody else. */
	takenBy: string | null;
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

/** The code with which a reporter comes back: 20 characters, 99 bits. */
const codeLength = 20;

/**
 * The code of a form and what it says. It is stored nowhere: the same form sent again has the same code, another text or
 * another form another one. Nobody can compute it without the server's key and the random name of the form.
 */
function codeOf(form: string, said: unknown[]): string {
	return codeFrom(theSealer().hash(JSON.stringify([form, ...said]), 'concern code'), codeLength);
}

// The code is random enough that a plain hash cannot be reversed; a key would make it useless once the key is replaced.
function hashCode(code: string): Buffer {
	return createHash('sha256').update(`concern code\0${code}`).digest();
}

function hashForm(form: string, concern: string, words: string): Buffer {
	return theSealer().hash(JSON.stringify([form, concern, words]), 'concern message');
}

/**
 * Submits a concern to the safeguarding leads, sealed. It is never refused: too many from one source become one entry
 * of their list. Answers the reporter's code, in groups; null when the same form was sent some time ago, since a code is
 * shown once.
 */
export async function raiseConcern(report: ConcernReport, sender: Sender): Promise<string | null> {
	const { form, summit, session, run, reporter, takenBy, words, about, isAboutLead } = report;
	const { sealed, keyId } = theSealer().seal(words.trim(), contexts.concern);
	const code = codeOf(form, [summit, session, reporter, takenBy, words.trim(), about, isAboutLead]);
	const [answer] = await callPrivate('submit_concern', [
		hashCode(code),
		locale(),
		takenBy,
		summit,
		session,
		run,
		reporter,
		takenBy === null ? '' : 'Written down for somebody',
		sealed,
		keyId,
		sourceOf(sender),
		about,
		isAboutLead
	]);
	return answer?.submit_concern === 'sent' ? null : groupedCode(code);
}

/** The Summit whose leads read what is raised outside of any; null: there is none. */
export async function summitForConcerns(): Promise<string | null> {
	return (await callPrivate('summit_for_concerns'))[0]?.summit_for_concerns ?? null;
}

/** What a reporter sees of their concern. `words` null: they can no longer be read. */
export interface ReporterThread {
	at: string;
	words: string | null;
	was_read: boolean;
	is_closed: boolean;
	messages: { id: string; at: string; is_from_desk: boolean; words: string | null }[];
}

// What is no code of ours is looked up like one, so that it takes the same time.
const lookedUp = (typed: string) => hashCode(readCode(typed, codeLength) ?? '');

/** What the holder of a code may read. Wrong and unknown codes are the same. */
export async function openByCode(typed: string, sender: Sender): Promise<ReporterThread | 'unknown' | 'too_often'> {
	const [row] = await callPrivate('open_concern_by_code', [lookedUp(typed), sourceOf(sender)]);
	const answer = row?.open_concern_by_code;
	if (answer?.status !== 'ok') return answer?.status ?? 'unknown';
	const { status: _, text_sealed, key_id, messages, ...thread } = answer;
	return { ...thread, words: opened(text_sealed, key_id), messages: messages.map(openedMessage) };
}

/** Adds to a concern by its code. */
export async function addByCode(typed: string, form: string, words: string, sender: Sender) {
	const { sealed, keyId } = theSealer().seal(words.trim(), contexts.concern);
	const code = lookedUp(typed);
	const once = hashForm(form, code.toString('hex'), words.trim());
	const rows = await callPrivate('add_reporter_message', [code, sourceOf(sender), once, sealed, keyId]);
	return rows[0]?.add_reporter_message ?? 'unknown';
}

/** Answers the reporter. */
export function answerConcern(client: DataClient, concern: string, form: string, words: string) {
	const { sealed, keyId } = theSealer().seal(words.trim(), contexts.concern);
	return rpc(client, 'answer_concern', {
		concern,
		text_sealed: sealed.toString('hex'),
		key_id: keyId,
		form_hash: hashForm(form, concern, words.trim()).toString('hex')
	});
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

/** A sealed text of a concern, opened; '' when there is none, null when its key is gone. */
function opened(sealed: string | null, keyId: string | null): string | null {
	if (sealed === null || keyId === null) return '';
	return theSealer().tryOpen(sealed, keyId, contexts.concern);
}

function openedMessage<Sealed extends { text_sealed: string; key_id: string }>(message: Sealed) {
	const { text_sealed, key_id, ...rest } = message;
	return { ...rest, words: opened(text_sealed, key_id) };
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
	return list && { batches: list.batches, concerns: list.concerns.map(openedConcern) };
}

/** A concern as its readers read it. */
export function openedConcern({
	text_sealed,
	key_id,
	note_sealed,
	note_key_id,
	messages,
	...concern
}: SealedConcern): Concern {
	return {
		...concern,
		words: text_sealed === null ? undefined : opened(text_sealed, key_id),
		messages: (messages ?? []).map(openedMessage),
		note: opened(note_sealed, note_key_id) ?? ''
	};
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
