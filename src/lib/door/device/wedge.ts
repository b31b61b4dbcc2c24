// Scanners send a key every few milliseconds; a busy tablet receives them late.
const stale = 500;

/** Input of a scanner that acts as a keyboard: many keys within milliseconds, and Enter. Nobody types that fast, wherever the focus is. */
export class Wedge {
	#keys = '';
	#last = 0;
	readonly #read: (code: string) => void;

	constructor(read: (code: string) => void) {
		this.#read = read;
	}

	/** Handles each key of the page. Keys in a text field are left to the field. */
	onkeydown(
		event: Pick<KeyboardEvent, 'key' | 'timeStamp' | 'target' | 'ctrlKey' | 'metaKey' | 'altKey' | 'preventDefault'>
	): void {
		const { key, timeStamp, target } = event;
		if (target instanceof HTMLInputElement && target.type !== 'radio' && target.type !== 'checkbox') return;
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		if (timeStamp - this.#last > stale) this.#keys = '';
		this.#last = timeStamp;
		if (key === 'Enter') {
			if (this.#keys.length < 8) return;
			// Otherwise it would press the focused button.
			event.preventDefault();
			const code = this.#keys;
			this.#keys = '';
			this.#read(code);
		} else if (key.length === 1) {
			this.#keys = (this.#keys + key).slice(-400);
			// A space or a letter in a code must not select an option of a list.
			if (this.#keys.length > 3) event.preventDefault();
		}
	}
}
