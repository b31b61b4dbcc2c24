import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';

/** What a kind of long work asks of the database, and how it is done. `Claim` names the recording. */
export interface HeldWork<Claim, Failure extends string> {
	/** One recording that waits for this work, or nothing. */
	claim: () => Promise<Claim | undefined>;
	/** Renews the claim. False when the work is not wanted any more, or another process does it. */
	hold: (claim: Claim) => Promise<boolean>;
	/** Does it. Answers why it failed, or null; `stop` ends it at once. */
	make: (claim: Claim, stop: AbortSignal) => Promise<Failure | null>;
	/** Notes why it failed. `interrupted`: this process ends. */
	fail: (claim: Claim, reason: Failure | 'interrupted') => Promise<unknown>;
	report: (code: Failure) => void;
}

/** Long work on recordings, one at a time, which another process takes over when this one dies. */
export class HeldJob<Claim, Failure extends string> {
	readonly #work: HeldWork<Claim, Failure | 'store'>;
	#current: { claim: Claim; stop: AbortController; done: Promise<void> } | null = null;

	constructor(work: HeldWork<Claim, Failure | 'store'>) {
		this.#work = work;
	}

	/**
	 * Claims one, or renews the claim of the current one: it ends at once when it is not wanted any more. This runs often,
	 * because a claim lasts two minutes.
	 */
	async round(): Promise<void> {
		if (this.#current) return this.#hold(this.#current);
		const claim = await this.#work.claim();
		if (!claim) return;
		const stop = new AbortController();
		const done = this.#do(claim, stop.signal).finally(() => (this.#current = null));
		this.#current = { claim, stop, done };
	}

	/** Releases the current one; another process starts it again. */
	async end(): Promise<void> {
		this.#current?.stop.abort();
		await this.#current?.done;
	}

	async #hold({ claim, stop }: { claim: Claim; stop: AbortController }): Promise<void> {
		if (!(await this.#work.hold(claim))) stop.abort();
	}

	async #do(claim: Claim, stop: AbortSignal): Promise<void> {
		const failure = await this.#work.make(claim, stop).catch(() => 'store' as const);
		if (!failure) return;
		const reason = stop.aborted ? 'interrupted' : failure;
		if (reason !== 'interrupted') this.#work.report(reason);
		// When the database is unavailable too, the claim expires.
		await this.#work.fail(claim, reason).catch(() => undefined);
	}
}

/** Writes an object of the store to a file of this machine. `stop` ends it at once, also while nothing comes. */
export function download(bytes: ReadableStream<Uint8Array>, path: string, stop: AbortSignal): Promise<void> {
	return pipeline(Readable.fromWeb(bytes as NodeStream<Uint8Array>), createWriteStream(path, { mode: 0o600 }), {
		signal: stop
	});
}
