import { expect, it } from 'vitest';
import { freeIn, movedSentence } from './pools.ts';

it('says how a move ended', () => {
	expect(movedSentence([{ status: 'ok' }, { status: 'ok' }, { status: 'no_room' }])).toEqual({
		text: '2 moved, 1 not moved: no seat is free there.',
		good: false
	});
	expect(movedSentence([{ status: 'ok' }])).toEqual({ text: '1 moved.', good: true });
	expect(movedSentence([])).toEqual({ text: 'Nobody was chosen.', good: false });
	expect(freeIn({ ceiling: 3, held: 1, taken: 1, waiting: 4 })).toBe(1);
});
