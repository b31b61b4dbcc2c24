import { deserialize } from '$app/forms';
import type { FormIssue } from '#lib/forms/parse.ts';
import { postAction } from '#lib/forms/post-action.ts';
import type { ActionResult } from '@sveltejs/kit';
import { readStoredValue, storeText, storeValue } from '#lib/ui/stored.ts';

/** The save state of a draft. */
type SaveState = 'idle' | 'waiting' | 'saving' | 'saved' | 'lost' | 'signed_out' | 'conflict' | 'invalid';

interface StoredForm {
	version: number;
	values: [name: string, value: string][];
}

const pause = 1500;
const retry = 10_000;

/**
 * Saves a form automatically, a moment after the last key press. Unsaved text is stored in this tab alone, so that neither a lost network
 * nor an ended session loses it; and another person's changes are never overwritten without asking.
 */
export class Autosave {
	state = $state<SaveState>('idle');
	/** The version on which this form is based. */
	version = $state(0);
	/** The version that another person saved meanwhile. */
	theirs = $state<number | null>(null);
	savedAt = $state<number | null>(null);
	issue = $state<string | null>(null);
	restored = $state(false);
	#key: string;
	#action: string;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#form: HTMLFormElement | undefined;

	constructor(key: string, action: string, version: number) {
		this.#key = `typed:${key}`;
		this.#action = action;
		this.version = version;
	}

	/** For the form: restores what this tab stored, and saves when the page is left. */
	attach = (form: HTMLFormElement) => {
		this.#form = form;
		this.#restore();
		const leave = () => {
			if (document.visibilityState === 'hidden' && this.state === 'waiting') void this.#save();
		};
		document.addEventListener('visibilitychange', leave);
		return () => {
			clearTimeout(this.#timer);
			document.removeEventListener('visibilitychange', leave);
		};
	};

	/** Something was typed. */
	typed = () => {
		this.#keep();
		if (this.state === 'conflict') return;
		this.state = 'waiting';
		this.#after(pause);
	};

	/** The page's own button submits the form: autosave stops meanwhile. */
	hold = () => clearTimeout(this.#timer);

	/** The result of the page's own button. */
	sent = (result: ActionResult) => {
		if (result.type === 'success' || result.type === 'redirect') this.forget();
		if (result.type === 'success') this.#done(result.data as { version?: number } | undefined);
		else if (result.type === 'failure') this.#refused(result.data);
	};

	/** What this tab stored is no longer needed. */
	forget = () => {
		storeText(this.#key, null, 'tab');
		this.restored = false;
	};

	#after(delay: number): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#save(), delay);
	}

	#values(): [string, string][] {
		if (!this.#form) return [];
		return [...new FormData(this.#form)].filter((pair): pair is [string, string] => typeof pair[1] === 'string');
	}

	#keep(): void {
		const stored: StoredForm = { version: this.version, values: this.#values().filter(([name]) => name !== 'version') };
		// A browser without storage still saves to the server.
		storeValue(this.#key, stored, 'tab');
	}

	#restore(): void {
		const stored = readStoredValue(this.#key, 'tab') as Partial<StoredForm> | null;
		if (!Array.isArray(stored?.values) || stored.version === undefined || !this.#form) return;
		const given: Record<string, string[]> = {};
		for (const [name, value] of stored.values) given[name] = [...(given[name] ?? []), value];
		for (const control of this.#form.elements) fill(control, given);
		this.restored = true;
		if (stored.version === this.version) this.typed();
		else {
			this.theirs = this.version;
			this.version = stored.version;
			this.state = 'conflict';
		}
	}

	async #save(): Promise<void> {
		const form = this.#form;
		if (!form || this.state === 'saving') return;
		this.state = 'saving';
		const body = new FormData(form);
		body.set('version', String(this.version));
		const before = JSON.stringify(this.#values());
		try {
			const response = await postAction(this.#action, body, { keepalive: true });
			if (response.status === 401) this.state = 'signed_out';
			else this.#answered(deserialize(await response.text()), before);
		} catch {
			this.state = 'lost';
			this.#after(retry);
		}
	}

	#answered(result: ActionResult, before: string): void {
		if (result.type === 'success') {
			this.#done(result.data as { version?: number });
			if (JSON.stringify(this.#values()) === before) this.forget();
			else this.typed();
		} else if (result.type === 'failure') this.#refused(result.data);
		else {
			this.state = result.type === 'error' && result.status === 401 ? 'signed_out' : 'lost';
			if (this.state === 'lost') this.#after(retry);
		}
	}

	#done(data: { version?: number } | undefined): void {
		if (data?.version === undefined) return;
		this.version = data.version;
		this.theirs = null;
		this.savedAt = Date.now();
		this.issue = null;
		this.state = 'saved';
	}

	#refused(data: Record<string, unknown> | undefined): void {
		const theirs = data?.['theirs'];
		const issues = (data?.['form'] as { issues?: FormIssue[] } | undefined)?.issues ?? [];
		this.theirs = typeof theirs === 'number' ? theirs : null;
		this.issue = issues[0]?.message ?? null;
		this.state = this.theirs === null ? 'invalid' : 'conflict';
	}
}

function fill(control: Element, given: Record<string, string[]>): void {
	if (control instanceof HTMLInputElement && (control.type === 'checkbox' || control.type === 'radio'))
		control.checked = given[control.name]?.includes(control.value) ?? false;
	else if (control instanceof HTMLInputElement && control.type === 'hidden') return;
	else if (
		control instanceof HTMLInputElement ||
		control instanceof HTMLTextAreaElement ||
		control instanceof HTMLSelectElement
	)
		control.value = given[control.name]?.[0] ?? control.value;
}
