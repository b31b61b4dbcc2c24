import { deserialize } from '$app/forms';
import { postAction } from '#lib/forms/post-action.ts';
import type { ActionResult } from '@sveltejs/kit';

/** How long after the last key a draft is saved. */
const idleMs = 2500;

interface Saved {
	revision: number;
	at: string;
}

interface Options {
	/** Called with the answer when the draft could not be saved. */
	onrefused: (result: ActionResult) => void;
}

/** Saves a form while somebody writes, one request at a time. The form itself sends every other act. */
export class DraftAutosave {
	/** What was saved last; null before anything was. */
	saved = $state<Saved | null>(null);
	state = $state<'saved' | 'changed' | 'saving' | 'failed'>('saved');
	readonly #options: Options;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#sending: Promise<void> | null = null;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Something was typed. */
	changed(form: HTMLFormElement): void {
		this.state = 'changed';
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.save(form), idleMs);
	}

	/** The page was read again, with its own revision. */
	reset(): void {
		clearTimeout(this.#timer);
		this.saved = null;
		this.state = 'saved';
	}

	/** Whether an act has to wait until a request is answered; then it is sent. */
	holds(act: () => void): boolean {
		clearTimeout(this.#timer);
		if (!this.#sending) return false;
		void this.#sending.then(act);
		return true;
	}

	/** Saves now, where something has changed. */
	save(form: HTMLFormElement): Promise<void> {
		clearTimeout(this.#timer);
		if (this.state !== 'changed' || this.#sending) return this.#sending ?? Promise.resolve();
		this.state = 'saving';
		this.#sending = this.#send(form).finally(() => (this.#sending = null));
		return this.#sending;
	}

	async #send(form: HTMLFormElement): Promise<void> {
		const data = new FormData(form);
		data.set('act', 'save');
		try {
			const answer = await postAction(form.action, data);
			const result: ActionResult = deserialize(await answer.text());
			if (result.type === 'success' && result.data?.['saved']) {
				this.saved = result.data['saved'] as Saved;
				// What was typed while the request was under way is saved next.
				if (this.state === 'saving') this.state = 'saved';
				else this.changed(form);
				return;
			}
			this.state = 'failed';
			this.#options.onrefused(result);
		} catch {
			this.state = 'failed';
		}
	}
}
