// Readers send a key each few milliseconds; a busy tablet hears them late.
const stale = 500;

/** What a reader types that is a keyboard: many keys in a breath, and Enter. Nobody types like that, wherever the focus is. */
export class Wedge {
	#keys = '';
	#last = 0;
	readonly #read: (code: string) => void;

	constructor(read: (code: string) => void) {
		this.#read = read;
	}

	/** Hears each key of the page. Those in a field of text are the field's own. */
	hear(
		event: Pick<KeyboardEvent, 'key' | 'timeStamp' | 'target' | 'ctrlKey' | 'metaKey' | 'altKey' | 'preventDefault'>
	): void {
		const { key, timeStamp, target } = event;
		if (target instanceof HTMLInputElement && target.type !== 'radio' && target.type !== 'checkbox') return;
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		if (timeStamp - this.#last > stale) this.#keys = '';
		this.#last = timeStamp;
		if (key === 'Enter') {
			if (this.#keys.length < 8) return;
			// Otherwise it would press the button that has the focus.
			event.preventDefault();
			const code = this.#keys;
			this.#keys = '';
			this.#read(code);
		} else if (key.length === 1) {
			this.#keys = (this.#keys + key).slice(-400);
			// A space or a letter in a code chooses nothing in a list.
			if (this.#keys.length > 3) event.preventDefault();
		}
	}
}
