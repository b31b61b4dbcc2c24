import { describe, expect, it } from 'vitest';
import { chosenPanel } from './panels.ts';

describe('the panel that an address asks for', () => {
	const panels = [{ id: 'session' }, { id: 'chat' }];

	it('is the one of that name', () => {
		expect(chosenPanel(panels, 'chat')).toBe(panels[1]);
	});

	it('is the first where none is asked for, or one that is not there', () => {
		expect([chosenPanel(panels, null), chosenPanel(panels, 'desk')]).toEqual([panels[0], panels[0]]);
		expect(chosenPanel([], 'chat')).toBeUndefined();
	});
});
