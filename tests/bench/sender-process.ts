/* The process of the people who send in a meeting's room, as the bench uses it: their work does not delay what the bench measures. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { SenderAnswer, SenderOrder, SenderWaits, SentPicture } from './meeting-senders.ts';

export class Senders {
	// Otherwise the engine writes a line of its log for each callback.
	readonly #child: ChildProcess = fork(new URL('./meeting-senders.ts', import.meta.url), {
		stdio: 'inherit',
		env: { NODE_ENV: 'production', ...process.env }
	});
	#last: Promise<unknown> = Promise.resolve();

	get pid(): number {
		return this.#child.pid ?? 0;
	}

	/** Lets somebody enter the room at this address, who sends until `leave`. Throws when they are not admitted. */
	async enter(address: string, cookie: string, picture: SentPicture): Promise<SenderWaits> {
		const answer = await this.#order({ kind: 'enter', address, cookie, picture });
		if (typeof answer === 'object' && 'waits' in answer) return answer.waits;
		throw new Error(JSON.stringify(answer));
	}

	/** Lets one of them speak, by the order in which they entered, or nobody. */
	async speak(who: number | null): Promise<void> {
		await this.#order({ kind: 'speak', who });
	}

	/** How many are connected. */
	async count(): Promise<number> {
		const answer = await this.#order({ kind: 'count' });
		return typeof answer === 'object' && 'connected' in answer ? answer.connected : 0;
	}

	async leave(): Promise<void> {
		if (!this.#child.connected) return;
		await this.#order({ kind: 'leave' });
		this.#child.disconnect();
	}

	// One after the other: the answers carry no number.
	#order(order: SenderOrder): Promise<SenderAnswer> {
		const answered = this.#last.then(async () => {
			this.#child.send(order);
			return ((await once(this.#child, 'message', { signal: AbortSignal.timeout(60_000) })) as [SenderAnswer])[0];
		});
		this.#last = answered.catch(() => undefined);
		return answered;
	}
}
