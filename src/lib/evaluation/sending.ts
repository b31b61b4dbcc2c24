/*
 * Sending answers with a blind token, from the browser. What is not sent yet is kept on this device for its author alone: without a network,
 * when the page is left in between, and when the server refuses it. The token is requested as the reader; the answers are sent as nobody.
 */
import { blindToken, readPublicKey, unblindSignature, type Blinded } from './blind-signature.ts';
import type { SurveyAnswers } from './branching.ts';
import { readStoredValue, storeText, storeValue } from '#lib/ui/stored.ts';

const store = 'survey-answers';
// Longer than a session takes feedback.
const keptDays = 30;

/** Answers that were not received yet. */
interface Waiting {
	/** Who wrote them: nobody else who signs in to this browser sees or sends them. */
	person: string;
	/** The path of the Summit, "/montevideo". */
	base: string;
	collection: string;
	modulus: string;
	answers: SurveyAnswers;
	keptAt: number;
	blinded?: Blinded;
	signature?: string;
}

/** What became of them; waiting: no network. Refused: they and the token are kept, to be corrected and sent again. */
export type SurveySent = 'ok' | 'waiting' | 'already' | 'closed' | 'refused';

/** Whether this browser can make tokens, and keep them. */
export const canBlind = () => typeof crypto !== 'undefined' && crypto.subtle !== undefined && hasStore();

const hasStore = () => storeText(`${store}-probe`, '1') && storeText(`${store}-probe`, null);

/** All that waits in this browser, of each author, but for what has expired. */
function read(): Waiting[] {
	const kept = readStoredValue(store);
	if (!Array.isArray(kept)) return [];
	const since = Date.now() - keptDays * 86_400_000;
	return (kept as (Partial<Waiting> | null)[]).filter(
		(one): one is Waiting => Boolean(one?.person) && (one?.keptAt ?? 0) > since
	);
}

function keep(all: readonly Waiting[]): void {
	const isStored = all.length === 0 ? storeText(store, null) : storeValue(store, all);
	if (!isStored) throw new Error('This browser stores no answers.');
}

const isSame = (one: Waiting, person: string, collection: string) =>
	one.person === person && one.collection === collection;

function write(one: Waiting): void {
	keep([...read().filter((other) => !isSame(other, one.person, one.collection)), one]);
}

function remove({ person, collection }: Waiting): void {
	keep(read().filter((other) => !isSame(other, person, collection)));
}

/** The answers of a person to a collection that wait on this device. */
export const waitingAnswers = (person: string, collection: string): SurveyAnswers | null =>
	read().find((one) => isSame(one, person, collection))?.answers ?? null;

/** Deletes all that waits in this browser: at sign-out. */
export function forgetWaiting(): void {
	storeText(store, null);
}

const statuses = ['ok', 'already', 'closed', 'invalid', 'not_found'] as const;
interface Answer {
	status: (typeof statuses)[number];
	signature?: string;
}

/** Null where the server gave no answer of this kind: it is away, asks to wait or to sign in, or something else answered in its place. */
async function post(path: string, credentials: RequestCredentials, body: object): Promise<Answer | null> {
	try {
		const answer = await fetch(path, {
			method: 'POST',
			credentials,
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body)
		});
		const read = (await answer.json()) as Partial<Answer> | null;
		return statuses.some((status) => status === read?.status) ? (read as Answer) : null;
	} catch {
		return null;
	}
}

/** The signature of the token: what is kept, or a new one. */
async function signatureOf(one: Waiting, blinded: Blinded): Promise<string | Exclude<SurveySent, 'ok'>> {
	const signed = await post(`${one.base}/feedback/token`, 'same-origin', {
		collection: one.collection,
		blinded: blinded.blinded
	});
	if (signed === null) return 'waiting';
	if (signed.status === 'already' || signed.status === 'closed') return signed.status;
	return unblindSignature(readPublicKey(one.modulus), blinded, signed.signature ?? '') ?? 'refused';
}

async function sendOne(one: Waiting): Promise<SurveySent> {
	const { base, collection, answers } = one;
	const blinded = (one.blinded ??= await blindToken(readPublicKey(one.modulus)));
	// The same blinded token is sent again after an interruption: another one would be refused.
	write(one);
	if (one.signature === undefined) {
		const signature = await signatureOf(one, blinded);
		if (signature === 'already' || signature === 'closed') remove(one);
		if (signature === 'already' || signature === 'closed' || signature === 'waiting' || signature === 'refused')
			return signature;
		one.signature = signature;
		write(one);
	}
	const { token } = blinded;
	const kept = await post(`${base}/answers`, 'omit', { collection, token, signature: one.signature, answers });
	if (kept === null) return 'waiting';
	if (kept.status === 'invalid' || kept.status === 'not_found') return 'refused';
	remove(one);
	// The token was used: an earlier attempt arrived.
	return kept.status === 'closed' ? 'closed' : 'ok';
}

/** One page of a browser at a time, where the browser can say so. */
function alone<Result>(work: () => Promise<Result>): Promise<Result> {
	return typeof navigator.locks === 'undefined' ? work() : navigator.locks.request(store, work);
}

/** Sends answers, or keeps them for later; under the token that was given before, from this page or another one. */
export function sendAnswers(waiting: Omit<Waiting, 'keptAt' | 'blinded' | 'signature'>): Promise<SurveySent> {
	return alone(async () => {
		const before = read().find(
			(one) => isSame(one, waiting.person, waiting.collection) && one.modulus === waiting.modulus
		);
		const one = { ...before, ...waiting, keptAt: Date.now() };
		write(one);
		return sendOne(one);
	});
}

/** Sends the answers of a person that are kept, and says what became of them by collection. */
export function sendWaiting(person: string): Promise<Map<string, SurveySent>> {
	return alone(async () => {
		const sent = new Map<string, SurveySent>();
		const all = read();
		// What has expired is deleted.
		keep(all);
		for (const one of all.filter((each) => each.person === person)) sent.set(one.collection, await sendOne(one));
		return sent;
	});
}
