import { SvelteSet } from 'svelte/reactivity';

/** The selected rows of the list, over its pages; ranges follow the order of the rows. */
export class RegistrationSelection {
	readonly ids = new SvelteSet<string>();
	/** Everyone who matches the filters, on every page. */
	whole = $state(false);
	#last: string | null = null;

	/** Selects or deselects one; with `range` all between it and the previous one. */
	set(id: string, on: boolean, rows: readonly { id: string }[], range = false): void {
		this.whole = false;
		const from = range ? rows.findIndex((row) => row.id === this.#last) : -1;
		const to = rows.findIndex((row) => row.id === id);
		const between = from < 0 || to < 0 ? [{ id }] : rows.slice(Math.min(from, to), Math.max(from, to) + 1);
		for (const row of between) this.#put(row.id, on);
		this.#last = id;
	}

	/** Selects or deselects a page. */
	setAll(rows: readonly { id: string }[], on: boolean): void {
		this.whole = false;
		for (const row of rows) this.#put(row.id, on);
	}

	clear(): void {
		this.whole = false;
		this.ids.clear();
		this.#last = null;
	}

	#put(id: string, on: boolean): void {
		if (on) this.ids.add(id);
		else this.ids.delete(id);
	}
}
