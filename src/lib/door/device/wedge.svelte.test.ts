import { afterEach, expect, test } from 'vitest';
import { Wedge } from './wedge.ts';

const read: string[] = [];
const wedge = new Wedge((code) => read.push(code));
let pressed = 0;
const onkeydown = (event: KeyboardEvent) => wedge.onkeydown(event);
addEventListener('keydown', onkeydown);
afterEach(() => {
	document.body.replaceChildren();
	read.length = 0;
	pressed = 0;
});

function add(tag: 'button' | 'input'): HTMLElement {
	const made: HTMLElement = document.createElement(tag);
	made.addEventListener('keydown', (event) => {
		queueMicrotask(() => (pressed += event.key === 'Enter' && !event.defaultPrevented ? 1 : 0));
	});
	document.body.append(made);
	made.focus();
	return made;
}

async function type(target: HTMLElement, keys: string): Promise<void> {
	for (const key of [...keys, 'Enter'])
		target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
	await new Promise((done) => setTimeout(done, 0));
}

test('reads a fast-typed code wherever the focus is, and presses nothing', async () => {
	await type(add('button'), 'AQNr-ZXk_x12345');
	expect(read).toEqual(['AQNr-ZXk_x12345']);
	await type(document.body, '7Q4MXK29BD3F');
	expect(read).toEqual(['AQNr-ZXk_x12345', '7Q4MXK29BD3F']);
});

test('leaves keys in a text field to the field, and takes a key or two for no code', async () => {
	await type(add('input'), '7Q4MXK29BD3F');
	await type(add('button'), 'ab');
	expect(read).toEqual([]);
	expect(pressed).toBeGreaterThan(0);
});
