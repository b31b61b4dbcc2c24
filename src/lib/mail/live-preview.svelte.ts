/* The preview of a mail text, which follows the typing: what the page's preview action answers, a moment after the last key. */
import { deserialize } from '$app/forms';
import { postAction } from '#lib/forms/post-action.ts';
import type { FormResult } from '#lib/forms/parse.ts';
import type { Rendered } from './letter.ts';

/** How long nobody types before the preview is read, in milliseconds. */
const pauseMs = 500;

type Answer = {
	preview?: Rendered;
	form?: FormResult;
};

export class LivePreview {
	/** The mail as typed; null before anything was typed. */
	mail = $state.raw<Rendered | null>(null);
	/** What has to be corrected before the text can be saved. */
	faults = $state.raw<string[]>([]);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#request: AbortController | undefined;

	/** Something was typed in the form; `action` is the page's preview action. */
	follow(form: HTMLFormElement, action: string): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#read(form, action), pauseMs);
	}

	/** Ends with the page: a late answer changes nothing. */
	stop(): void {
		clearTimeout(this.#timer);
		this.#request?.abort();
	}

	async #read(form: HTMLFormElement, action: string): Promise<void> {
		this.#request?.abort();
		const { signal } = (this.#request = new AbortController());
		try {
			const response = await postAction(action, new FormData(form), { signal });
			const result = deserialize<Answer, Answer>(await response.text());
			if (signal.aborted || (result.type !== 'success' && result.type !== 'failure')) return;
			this.mail = result.data?.preview ?? this.mail;
			this.faults = result.data?.form?.issues.map(({ message }) => message) ?? [];
		} catch {
			// Without an answer the last preview stays; the button says why.
		}
	}
}
