/* The process of the people who send and receive in a live room, as a bench uses it: their work does not delay what the bench measures. */
import { fork, type ChildProcess } from 'node:child_process';
import type { SenderAnswer, SenderRequest, SenderWaits, SentPicture, Watched } from './room-people.ts';

const mostMs = 60_000;

export class Senders {
	// Otherwise the engine writes a line of its log for each callback.
	readonly #child: ChildProcess = fork(new URL('./room-people.ts', import.meta.url), {
		stdio: 'inherit',
		env: { ...process.env, NODE_ENV: 'production' }
	});
	readonly #pending = new Map<number, (answer: SenderAnswer) => void>();
	#number = 0;

	constructor() {
		this.#child.on('message', ({ number, answer }: { number: number; answer: SenderAnswer }) =>
			this.#pending.get(number)?.(answer)
		);
		this.#child.on('exit', () => {
			for (const done of this.#pending.values()) done({ error: 'The process of the senders has ended.' });
		});
	}

	get pid(): number {
		return this.#child.pid ?? 0;
	}

	/**
	 * Lets somebody enter the room at this address, who sends until `leave`: sound, and a picture where one is given. Throws when they are
	 * not admitted.
	 */
	enter(
		address: string,
		cookie: string,
		picture: SentPicture | null,
		session: string | null = null
	): Promise<SenderWaits> {
		return this.#waitsOf({ kind: 'enter', address, cookie, picture, session });
	}

	/** Lets somebody receive everything that is sent in the room. Throws when they are not admitted. */
	watch(address: string, cookie: string): Promise<SenderWaits> {
		return this.#waitsOf({ kind: 'watch', address, cookie });
	}

	/** What those who watch have received since the last time. */
	async watched(): Promise<Watched> {
		const answer = await this.#request({ kind: 'watched' });
		if (typeof answer === 'object' && 'watched' in answer) return answer.watched;
		throw new Error(JSON.stringify(answer));
	}

	async #waitsOf(request: SenderRequest): Promise<SenderWaits> {
		const answer = await this.#request(request);
		if (typeof answer === 'object' && 'waits' in answer) return answer.waits;
		throw new Error(JSON.stringify(answer));
	}

	/** Lets one of them speak, by the order in which they entered, or nobody. */
	async speak(who: number | null): Promise<void> {
		await this.#request({ kind: 'speak', who });
	}

	/** How many are connected. */
	async count(): Promise<number> {
		const answer = await this.#request({ kind: 'count' });
		return typeof answer === 'object' && 'connected' in answer ? answer.connected : 0;
	}

	async leave(): Promise<void> {
		if (!this.#child.connected) return;
		await this.#request({ kind: 'leave' });
		this.#child.disconnect();
	}

	#request(request: SenderRequest): Promise<SenderAnswer> {
		const number = ++this.#number;
		return new Promise<SenderAnswer>((done) => {
			const timer = setTimeout(() => done({ error: `No answer to ${request.kind} within ${mostMs} ms.` }), mostMs);
			this.#pending.set(number, (answer) => {
				clearTimeout(timer);
				this.#pending.delete(number);
				done(answer);
			});
			this.#child.send({ number, request });
		});
	}
}
