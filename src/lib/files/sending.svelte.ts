import { deserialize } from '$app/forms';
import type { ActionResult } from '@sveltejs/kit';

/** One upload at a time, with its progress. */
export class Sending {
	/** From 0 to 1 during an upload, else null. */
	part = $state<number | null>(null);
	#request: XMLHttpRequest | null = null;

	/** Sends a form as it would be sent without JavaScript, and returns the page's answer; null when it was cancelled or broke off. */
	send(form: HTMLFormElement, submitter?: HTMLElement | null): Promise<ActionResult | null> {
		const request = new XMLHttpRequest();
		this.#request = request;
		this.part = 0;
		// Only XMLHttpRequest reports the progress of an upload.
		request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
			if (lengthComputable) this.part = loaded / total;
		};
		return new Promise((done) => {
			const end = (result: ActionResult | null) => {
				this.part = null;
				this.#request = null;
				done(result);
			};
			request.onload = () => {
				try {
					end(deserialize(request.responseText));
				} catch {
					end(null);
				}
			};
			request.onerror = request.onabort = () => end(null);
			request.open('POST', form.action);
			request.setRequestHeader('accept', 'application/json');
			request.setRequestHeader('x-sveltekit-action', 'true');
			request.send(new FormData(form, submitter ?? null));
		});
	}

	stop(): void {
		this.#request?.abort();
	}
}
