/** A limit on open connections: a key, and how many may share it. */
interface ConnectionLimit {
	key: string;
	most: number;
}

/** Counts open connections by key, and refuses those over a limit. */
export class ConnectionLimiter {
	readonly #taken = new Map<string, number>();

	/** Whether none of the limits is reached. */
	hasRoom(limits: readonly ConnectionLimit[]): boolean {
		return limits.every(({ key, most }) => (this.#taken.get(key) ?? 0) < most);
	}

	/** Takes a place under every limit and returns a function that frees it; null when one is reached. */
	take(limits: readonly ConnectionLimit[]): (() => void) | null {
		if (!this.hasRoom(limits)) return null;
		for (const { key } of limits) this.#taken.set(key, (this.#taken.get(key) ?? 0) + 1);
		let left = false;
		return () => {
			if (left) return;
			left = true;
			for (const { key } of limits) {
				const rest = (this.#taken.get(key) ?? 0) - 1;
				if (rest > 0) this.#taken.set(key, rest);
				else this.#taken.delete(key);
			}
		};
	}

	/** How many keys are counted. */
	get size(): number {
		return this.#taken.size;
	}
}

/** Who holds a stream open. */
export interface StreamHolder {
	address: string;
	account: string | null;
	session: string | null;
	/** The reader, for topics that hold only while they may watch. */
	person?: string | null;
}

/**
 * How many streams may be open in one process. A browser opens one for each window. A whole venue may share one address, so the limit is by
 * account where a person is signed in, and one for all signed-out readers together.
 */
export function streamLimits({ address, account }: StreamHolder): ConnectionLimit[] {
	return account === null ? [{ key: `signed-out ${address}`, most: 2000 }] : [{ key: `account ${account}`, most: 40 }];
}
