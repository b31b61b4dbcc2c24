/** Remembers when each topic last changed, so that a page learns of changes between its rendering and its subscription. */
export class RecentChanges {
	readonly #most: number;
	readonly #last = new Map<string, number>();
	/** Before this moment nothing is known. */
	#from: number;

	constructor(now: number, most = 5000) {
		this.#from = now;
		this.#most = most;
	}

	/** A change of a topic. */
	note(topic: string, now: number): void {
		if (this.#last.size >= this.#most && !this.#last.has(topic)) this.forget(now);
		this.#last.set(topic, now);
	}

	/** From here on: earlier changes may have been missed. */
	forget(now: number): void {
		this.#last.clear();
		this.#from = now;
	}

	/** Whether one of the topics may have changed since a moment; a second is allowed for clocks that differ. */
	changedSince(topics: readonly string[], moment: number): boolean {
		const since = moment - 1000;
		return moment < this.#from || topics.some((topic) => (this.#last.get(topic) ?? -Infinity) >= since);
	}
}
