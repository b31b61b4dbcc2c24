import type { StageSession } from './stage.ts';

/** What a session asks before it is joined, and whether the reader has said yes. Make it in a component's script. */
export class Confirming {
	readonly #session: () => StageSession | null;
	readonly #isKnown: () => boolean;
	// A stranger's own word holds for the visit; of a raised level it says nothing.
	#here = $state<string | null>(null);
	readonly #asked = $derived.by(() => {
		const session = this.#session();
		return session && `${session.code} ${session.level}`;
	});
	readonly #given: () => boolean;
	readonly isConfirmed = $derived.by(() => this.#given() || (this.#asked !== null && this.#here === this.#asked));

	/** `given`: it was confirmed before the page came. `isKnown`: the reader is signed in, and their word is kept. */
	constructor(session: () => StageSession | null, given: () => boolean, isKnown: () => boolean) {
		this.#session = session;
		this.#given = given;
		this.#isKnown = isKnown;
	}

	/** Says yes, where it was not said before. */
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
