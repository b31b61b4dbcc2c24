import type { Confirming } from './confirming.svelte.ts';
import { StageConnection } from './connection.svelte.ts';
import { loadPanels } from './loaded-panels.svelte.ts';
import { requestPass } from './requesting-pass.ts';
import type { StageView } from './viewing.svelte.ts';

/** A viewer's way into the session that is on in a room. Create it in a component's script. */
export class Joining {
	readonly #view: StageView;
	readonly #confirming: Confirming;
	// The session that the reader joined: another session in the same room needs another decision.
	#joined = $state<string | null>(null);
	readonly #session = $derived.by(() => this.#view.stage.session?.code);
	readonly connection: StageConnection;
	readonly isIn = $derived.by(() => this.connection.phase !== 'idle' && this.connection.phase !== 'refused');
	/** The session that the reader joined is no longer the one that is on. */
	readonly hasEnded = $derived.by(() => this.#joined !== null && this.#joined !== this.#session);

	/** `passAddress`: where passes for the room are requested. */
	constructor(view: StageView, confirming: Confirming, passAddress: () => string) {
		this.#view = view;
		this.#confirming = confirming;
		this.connection = new StageConnection({
			given: () => (this.#session === this.#joined ? view.pass : null),
			ask: () =>
				requestPass(passAddress(), {
					purpose: 'stage',
					session: this.#joined,
					confirmed: confirming.isConfirmed
				}),
			onstale: () => view.reload(2000)
		});
	}

	async join(): Promise<void> {
		void loadPanels(['screen', 'switches']);
		this.#joined = this.#session ?? null;
		const confirmed = this.#confirming.confirm();
		// Where a notice must be confirmed, there is no token before that; otherwise nobody has to wait for it.
		if (this.#view.pass?.status !== 'ok') await confirmed;
		void this.connection.join();
	}

	/** Prepares to join: an old token is requested again while the pointer moves to the button. */
	prepare(): void {
		void this.connection.warm();
		void loadPanels(['screen', 'switches']);
		const { pass } = this.#view;
		if (pass?.status === 'ok' && pass.until < Date.now()) this.#view.reload();
	}
}
