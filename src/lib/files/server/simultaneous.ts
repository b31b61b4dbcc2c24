/** Runs work for a key unless so much already runs for it: uploads on their way lie on the disk before any limit counts them. */
export class Simultaneous {
	readonly #running = new Map<string, number>();
	readonly #most: number;

	constructor(most: number) {
		this.#most = most;
	}

	/** What the work answers; null when it was not begun. */
	async run<Answer>(key: string, work: () => Promise<Answer>): Promise<Answer | null> {
		const running = this.#running.get(key) ?? 0;
		if (running >= this.#most) return null;
		this.#running.set(key, running + 1);
		try {
			return await work();
		} finally {
			const left = (this.#running.get(key) ?? 1) - 1;
			if (left > 0) this.#running.set(key, left);
			else this.#running.delete(key);
		}
	}
}

/** The uploads of each account that this process receives. */
export const uploads = new Simultaneous(3);
