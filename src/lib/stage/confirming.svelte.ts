import type { StageSession } from './stage.ts';

/** The confirmation that a session requires before it is joined. Create it in a component's script. */
export class Confirming {
	readonly #session: () => StageSession | null;
	readonly #isKnown: () => boolean;
	// The confirmation of a signed-out viewer is valid for the visit; it does not cover a raised level.
	#here = $state<string | null>(null);
	readonly #asked = $derived.by(() => {
		const session = this.#session();
		return session && `${session.code} ${session.level}`;
	});
	readonly #given: () => boolean;
	readonly isConfirmed = $derived.by(() => this.#given() || (this.#asked !== null && this.#here === this.#asked));

	/** `given`: it was confirmed before the page load. `isKnown`: the reader is signed in, and their confirmation is stored. */
	constructor(session: () => StageSession | null, given: () => boolean, isKnown: () => boolean) {
		this.#session = session;
		this.#given = given;
		this.#isKnown = isKnown;
	}

	/** Confirms, where that is still missing. */
	async confirm(): Promise<void> {
		const session = this.#session();
		if (!session || this.isConfirmed) return;
		this.#here = this.#asked;
		if (!this.#isKnown()) return;
		const body = new FormData();
		body.set('session', session.id);
		const init = { method: 'POST', headers: { 'x-sveltekit-action': 'true' }, body };
		await fetch('?/confirm', init).catch(() => undefined);
	}
}
