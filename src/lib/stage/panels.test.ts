import { describe, expect, it } from 'vitest';
import { chosenPanel } from './panels.ts';

describe('the panel of an address', () => {
	const panels = [{ id: 'session' }, { id: 'chat' }];

	it('is the one of that name', () => {
		expect(chosenPanel(panels, 'chat')).toBe(panels[1]);
	});

	it('is the one that contains the part of that name', () => {
		expect(chosenPanel(panels, 'languages')).toBe(panels[0]);
	});

	it('is the first where the address names none, or an unknown one', () => {
		expect([chosenPanel(panels, null), chosenPanel(panels, 'desk')]).toEqual([panels[0], panels[0]]);
		expect(chosenPanel([], 'chat')).toBeUndefined();
	});
});
