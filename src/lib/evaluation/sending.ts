/*
 * Sending answers with a blind token, from the browser. What is not sent yet is kept on this device: without a network, or when the page is
 * left in between. The token is requested as the reader; the answers are sent as nobody.
 */
import { blindToken, readPublicKey, unblindSignature, type Blinded } from './blind-signature.ts';
import type { SurveyAnswers } from './branching.ts';

const store = 'survey-answers';
// Longer than a session takes feedback.
const keptDays = 30;

/** Answers that were not received yet. */
interface Waiting {
	/** The path of the Summit, "/montevideo". */
	base: string;
	collection: string;
	modulus: string;
	answers: SurveyAnswers;
	keptAt: number;
	blinded?: Blinded;
	signature?: string;
}

/** What became of them; waiting: no network. */
export type SurveySent = 'ok' | 'waiting' | 'already' | 'closed' | 'refused';

/** Whether this browser can make tokens. */
export const canBlind = () => typeof crypto !== 'undefined' && crypto.subtle !== undefined && hasStore();

function hasStore(): boolean {
	try {
		localStorage.getItem(store);
		return true;
	} catch {
		return false;
	}
}

function read(): Waiting[] {
	try {
		const kept = JSON.parse(localStorage.getItem(store) ?? '[]') as Waiting[];
		return kept.filter(({ keptAt }) => keptAt > Date.now() - keptDays * 86_400_000);
	} catch {
		return [];
	}
}

function write(one: Waiting | null, collection: string): void {
	const others = read().filter((other) => other.collection !== collection);
	const all = one ? [...others, one] : others;
	if (all.length === 0) localStorage.removeItem(store);
	else localStorage.setItem(store, JSON.stringify(all));
}

/** Whether answers to this collection wait on this device. */
export const isWaiting = (collection: string) => read().some((one) => one.collection === collection);

async function post(
	path: string,
	credentials: RequestCredentials,
	body: object
): Promise<{ status: string; signature?: string } | null> {
	const answer = await fetch(path, {
		method: 'POST',
		credentials,
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body)
	}).catch(() => null);
	// A server that is away, or asks to wait, is asked again later; so is one that wants a sign-in first.
	if (!answer || answer.status >= 500 || answer.status === 429 || answer.status === 401) return null;
	return answer.ok ? ((await answer.json()) as { status: string; signature?: string }) : { status: 'refused' };
}

async function sendOne(one: Waiting): Promise<SurveySent> {
	const { base, collection } = one;
	const key = readPublicKey(one.modulus);
	one.blinded ??= await blindToken(key);
	// The same blinded token is sent again after an interruption: another one would be refused.
	write(one, collection);
	const { blinded, inverse, token } = one.blinded;
	if (one.signature === undefined) {
		const signed = await post(`${base}/feedback/token`, 'same-origin', { collection, blinded });
		if (signed === null) return 'waiting';
		if (signed.status !== 'ok' || !signed.signature) {
			write(null, collection);
			return signed.status === 'already' || signed.status === 'closed' ? signed.status : 'refused';
		}
		one.signature = unblindSignature(key, inverse, signed.signature);
		write(one, collection);
	}
	const { signature, answers } = one;
	const kept = await post(`${base}/answers`, 'omit', { collection, token, signature, answers });
	if (kept === null) return 'waiting';
	write(null, collection);
	// The token was used: an earlier attempt arrived.
	if (kept.status === 'ok' || kept.status === 'already') return 'ok';
	return kept.status === 'closed' ? 'closed' : 'refused';
}

/** One page of a browser at a time, where the browser can say so. */
function alone<Result>(work: () => Promise<Result>): Promise<Result> {
	return typeof navigator.locks === 'undefined' ? work() : navigator.locks.request(store, work);
}

/** Sends answers, or keeps them for later. */
export async function sendAnswers(waiting: Omit<Waiting, 'keptAt'>): Promise<SurveySent> {
	write({ ...waiting, keptAt: Date.now() }, waiting.collection);
	return (await sendWaiting()).get(waiting.collection) ?? 'waiting';
}

/** Sends what was kept, and says what became of it by collection. */
export function sendWaiting(): Promise<Map<string, SurveySent>> {
	return alone(async () => {
		const sent = new Map<string, SurveySent>();
		for (const one of read()) sent.set(one.collection, await sendOne(one));
		return sent;
	});
}
