/* Shortcuts of a single key without a modifier: never while a person types, and off where the reader turned them off. */
import { readStored, storeText } from './stored.ts';

/** The part of a KeyboardEvent that is read. */
export interface KeyPress {
	key: string;
	defaultPrevented: boolean;
	altKey: boolean;
	ctrlKey: boolean;
	metaKey: boolean;
	repeat: boolean;
}

/** Whether this press means the key: `isTyping` where it went into a field or a dialog, `isOff` where the reader turned shortcuts off. */
export function isSingleKey(press: KeyPress, key: string, { isTyping = false, isOff = false } = {}): boolean {
	if (isTyping || isOff || press.defaultPrevented || press.repeat) return false;
	return !press.altKey && !press.ctrlKey && !press.metaKey && press.key.toLowerCase() === key;
}

const setting = 'single-keys';

/** Whether the reader turned shortcuts off, in this browser. */
export function areSingleKeysOff(): boolean {
	return readStored(setting) === 'off';
}

/** Turns them on or off. */
export function turnSingleKeys(on: boolean): void {
	storeText(setting, on ? 'on' : 'off');
}

/** Whether a press on this element may be a letter of a typed text. */
export function isTypingIn(target: EventTarget | null): boolean {
	return (
		target instanceof HTMLElement &&
		target.closest('[role=dialog], [contenteditable], textarea, select, input:not([type=checkbox])') !== null
	);
}
