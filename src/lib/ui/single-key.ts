/* Keys that act by themselves, without a modifier: never while somebody types, and off where the reader turned them off. */

/** What is read of a KeyboardEvent. */
export interface KeyPress {
	key: string;
	defaultPrevented: boolean;
	altKey: boolean;
	ctrlKey: boolean;
	metaKey: boolean;
	repeat: boolean;
}

/** Whether this press means the key: `isTyping` where it went into a field or a dialog, `isOff` where the reader wants no such keys. */
export function isSingleKey(press: KeyPress, key: string, { isTyping = false, isOff = false } = {}): boolean {
	if (isTyping || isOff || press.defaultPrevented || press.repeat) return false;
	return !press.altKey && !press.ctrlKey && !press.metaKey && press.key.toLowerCase() === key;
}

const setting = 'single-keys';

/** Whether the reader turned such keys off, in this browser. */
export function areSingleKeysOff(): boolean {
	return localStorage.getItem(setting) === 'off';
}

/** Turns them on or off. */
export function turnSingleKeys(on: boolean): void {
	localStorage.setItem(setting, on ? 'on' : 'off');
}

/** Whether a press that went to this element may be a letter of somebody's text. */
export function isTypingIn(target: EventTarget | null): boolean {
	return (
		target instanceof HTMLElement &&
		target.closest('[role=dialog], [contenteditable], textarea, select, input:not([type=checkbox])') !== null
	);
}
