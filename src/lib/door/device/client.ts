/* A device's requests to the server. Without an answer in time, the offline list decides. */
import { confirmation } from '#lib/ui/confirmation.svelte.ts';
import type { ScanAnswer, SnapshotAnswer, SyncAnswer, SyncRequest } from './messages.ts';

/** How long a person at the door waits, in milliseconds. */
const timeoutMs = 1500;

/** No answer, or none in time. */
export class NoAnswer extends Error {}
/** Another person is signed in now, or nobody. */
export class SignedOut extends Error {}

/** The requests of one device at one Summit: `base` is the address of the door. */
export class DoorClient {
	readonly #base: string;
	readonly #key: string;

	constructor(base: string, key: string) {
		this.#base = base;
		this.#key = key;
	}

	scan(scan: unknown): Promise<ScanAnswer> {
		return this.#send('scan', scan, timeoutMs);
	}

	sync(request: SyncRequest): Promise<SyncAnswer> {
		return this.#send('sync', request, 20_000);
	}

	/** Null: the list is unchanged. */
	async snapshot(tag: string | null): Promise<{ sent: SnapshotAnswer; tag: string | null } | null> {
		const headers = { 'x-door-key': this.#key, ...(tag !== null && { 'if-none-match': tag }) };
		const answer = await reach(`${this.#base}/snapshot`, { headers, cache: 'no-store' }, 20_000);
		if (answer.status === 304) return null;
		return { sent: (await read(answer)) as SnapshotAnswer, tag: answer.headers.get('etag') };
	}

	async #send<Answer>(path: string, body: unknown, wait: number): Promise<Answer> {
		const headers = { 'content-type': 'application/json', 'x-door-key': this.#key };
		return (await read(
			await reach(`${this.#base}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }, wait)
		)) as Answer;
	}
}

async function reach(address: string, init: RequestInit, wait: number): Promise<Response> {
	try {
		return await fetch(address, { ...init, redirect: 'error', signal: AbortSignal.timeout(wait) });
	} catch {
		throw new NoAnswer();
	}
}

async function read(answer: Response): Promise<unknown> {
	if (answer.status === 401 || answer.status === 403) throw new SignedOut();
	if (!answer.ok) throw new NoAnswer();
	try {
		return await answer.json();
	} catch {
		// A captive portal answers with its own page.
		throw new NoAnswer();
	}
}

/**
 * Sends a request as the person alone, without the device's key; null when it failed. Where their passkey has to confirm
 * it, it is asked for, and the request is sent again.
 */
export async function postJson(address: string, body: unknown): Promise<Record<string, unknown> | null> {
	try {
		const headers = { 'content-type': 'application/json' };
		const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
		if (answer.status === 428 && (await confirmation.ask())) return await postJson(address, body);
		return answer.ok ? ((await answer.json()) as Record<string, unknown>) : null;
	} catch {
		return null;
	}
}
