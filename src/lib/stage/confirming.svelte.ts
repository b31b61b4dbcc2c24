import { postAction } from '#lib/forms/post-action.ts';
import type { StageSession } from './stage.ts';

/** The confirmation that a session requires before it is joined. Create it in a component's script. */
export class Confirming {
	readonly #session: () => StageSession | null;
	readonly #isKnown: () => boolean;
	// The confirmation of a signed-out viewer is valid for the visit; it covers neither a raised level nor another note.
	#here = $state<string | null>(null);
	#seenNote = $state<string | null>(null);
	readonly #asked = $derived.by(() => {
		const session = this.#session();
		return session && `${session.code} ${session.level} ${session.note_version}`;
	});
	readonly #given: () => boolean;
	readonly isConfirmed = $derived.by(() => this.#given() || (this.#asked !== null && this.#here === this.#asked));

	/** The content note is another one than when the reader joined, or last confirmed. */
	readonly hasNewNote = $derived.by(() => {
		const session = this.#session();
		return (
			session !== null && session.note_version !== '' && this.#seenNote !== `${session.code} ${session.note_version}`
		);
	});

	/** `given`: it was confirmed before the page load. `isKnown`: the reader is signed in, and their confirmation is stored. */
	constructor(session: () => StageSession | null, given: () => boolean, isKnown: () => boolean) {
		this.#session = session;
		this.#given = given;
		this.#isKnown = isKnown;
	}

	/** Confirms, where that is still missing. */
	async confirm(): Promise<void> {
		const session = this.#session();
		if (!session) return;
		this.#seenNote = `${session.code} ${session.note_version}`;
		if (this.isConfirmed) return;
		this.#here = this.#asked;
		if (!this.#isKnown()) return;
		const body = new FormData();
		body.set('session', session.id);
		body.set('note', session.note_version);
		await postAction('?/confirm', body).catch(() => undefined);
	}
}
