/**
 * Whether something is open: as the page requests when that request changes, and in between as people left it. A bare `open={…}` is set
 * again with each live event, and would close a form that a person is filling in.
 */
export class Disclosure {
	readonly #isOpen: () => boolean;
	readonly #requested = $derived.by(() => this.#isOpen());
	open = $derived(this.#requested);

	constructor(isOpen: () => boolean) {
		this.#isOpen = isOpen;
	}
}
