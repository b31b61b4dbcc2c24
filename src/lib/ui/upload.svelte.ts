import { deserialize } from '$app/forms';
import type { ActionResult } from '@sveltejs/kit';

/** Whether a file is chosen in the form. */
export function hasFile(form: HTMLFormElement): boolean {
	return [...form.querySelectorAll<HTMLInputElement>('input[type=file]')].some(({ files }) => files?.length);
}

/** The form that is being sent with its files, one at a time. */
export class Upload {
	/** From 0 to 1 while it is sent, else null. */
	part = $state<number | null>(null);
	/** Whether the reader stopped it. */
	isStopped = false;
	#request: XMLHttpRequest | null = null;

	/** Sends what a form holds to its action, and returns the page's answer: an error without a status when it was stopped or broke off. */
	send(action: URL, content: FormData): Promise<ActionResult> {
		const request = new XMLHttpRequest();
		this.#request = request;
		this.part = 0;
		// Only XMLHttpRequest reports the progress of an upload.
		request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
			if (lengthComputable) this.part = loaded / total;
		};
		return new Promise((done) => {
			const end = (result: ActionResult) => {
				this.part = null;
				this.#request = null;
				done(result);
			};
			const lost = () => end({ type: 'error', error: null });
			request.onload = () => {
				try {
					const answer = deserialize(request.responseText);
					end(answer.type === 'error' ? { ...answer, status: request.status } : answer);
				} catch {
					lost();
				}
			};
			request.onerror = request.onabort = lost;
			request.open('POST', action);
			request.setRequestHeader('accept', 'application/json');
			request.setRequestHeader('x-sveltekit-action', 'true');
			request.send(content);
		});
	}

	stop(): void {
		if (!this.#request) return;
		this.isStopped = true;
		this.#request.abort();
	}
}
