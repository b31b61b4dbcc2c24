import { expect, test } from 'vitest';
import { undoableWords, undoneAddress, undoneFrom } from './undo.ts';

test('an address says what came of undoing, and no longer what was done', () => {
	expect(undoneAddress('/geneva/organise/pages?done=deleted&state=draft', 'ok')).toBe(
		'/geneva/organise/pages?state=draft&undone=ok'
	);
	expect(undoneAddress('/geneva/organise/pages?undone=ok', 'gone')).toBe('/geneva/organise/pages?undone=gone');
	expect(undoneFrom(new URLSearchParams('undone=changed'))).toBe('changed');
	expect(undoneFrom(new URLSearchParams('undone=other'))).toBeNull();
	expect(undoneFrom(new URLSearchParams())).toBeNull();
});

test('an act is named with what it was about', () => {
	expect(undoableWords({ act: 'pool_removed', subject: 'Press' })).toBe('Pool removed: Press');
	expect(undoableWords({ act: 'page_deleted', subject: { original: 'en', en: 'Venue' } })).toBe('Page deleted: Venue');
	expect(undoableWords({ act: 'bank_row_ignored', subject: null })).toBe('Bank row ignored');
});
