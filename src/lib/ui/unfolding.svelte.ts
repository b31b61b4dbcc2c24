/**
 * Whether something is unfolded: as the page wishes when that wish changes, and in between as people left it. A bare
 * `open={…}` is set again with each piece of news, and folds away what somebody is filling in.
 */
export class Unfolding {
	readonly #wish: () => boolean;
	readonly #wished = $derived.by(() => this.#wish());
	open = $derived(this.#wished);

	constructor(wish: () => boolean) {
		this.#wish = wish;
	}
}
