/** The receivers of what was read. */
export interface ReadHandlers<Key, Value> {
	read: (key: Key) => Promise<Value>;
	deliver: (key: Key, value: Value) => void;
	/** The read failed: the subscribers must load their data themselves. */
	fail: (key: Key) => void;
}

// A server may end meanwhile; a browser's timers are numbers.
function unref(timer: unknown): void {
	if (timer !== null && typeof timer === 'object' && 'unref' in timer) (timer as NodeJS.Timeout).unref();
}

/**
 * Reads what changed, once for any number of events: a change during a read causes one more read after a pause. So fifty votes in a moment
 * cause two or three reads, and the last result is never older than the last change.
 */
export class CoalescedReads<Key, Value> {
	readonly #states = new Map<string, 'reading' | 'again'>();
	readonly #start: (name: string, key: Key) => void;

	constructor(nameOf: (key: Key) => string, ends: ReadHandlers<Key, Value>, pause = 100) {
		this.#nameOf = nameOf;
		this.#start = (name, key) => {
			this.#states.set(name, 'reading');
			ends
				.read(key)
				.then(
					(value) => ends.deliver(key, value),
					() => ends.fail(key)
				)
				.finally(() => unref(setTimeout(() => this.#next(name, key), pause)));
		};
	}

	readonly #nameOf: (key: Key) => string;

	/** Something under this key changed. */
	note(key: Key): void {
		const name = this.#nameOf(key);
		if (this.#states.has(name)) this.#states.set(name, 'again');
		else this.#start(name, key);
	}

	#next(name: string, key: Key): void {
		const again = this.#states.get(name) === 'again';
		this.#states.delete(name);
		if (again) this.#start(name, key);
	}
}
