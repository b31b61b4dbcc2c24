// How long a load of the page may take.
const loadMs = 30_000;

/** Data that come with the page, and are read apart from it after they changed: the rest of the page stays as it is. */
export class Refreshed<Value> {
	readonly #given: () => Value;
	readonly #request: () => Promise<Response>;
	// The same data again are no change.
	readonly #ofPage = $derived.by(() => this.#given());
	#current = $derived(this.#ofPage);
	#changedAt = -Infinity;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Call in a component's script. `given`: the data of the page; `request` asks for them as JSON. */
	constructor(given: () => Value, request: () => Promise<Response>) {
		this.#given = given;
		this.#request = request;
		// A load of the page that began before a change may end after it, and bring what was known then.
		$effect(() => {
			void this.#ofPage;
			if (performance.now() - this.#changedAt < loadMs) void this.read();
		});
	}

	get current(): Value {
		return this.#current;
	}

	/** Reads them within some time, so that open pages do not all read at once. */
	changed(withinMs: number): void {
		this.#changedAt = performance.now();
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.read(), Math.random() * withinMs);
	}

	/** Reads them; without an answer they stay as they are. */
	async read(): Promise<void> {
		const answer = await this.#request().catch(() => null);
		if (answer?.ok) this.#current = (await answer.json()) as Value;
	}
}
