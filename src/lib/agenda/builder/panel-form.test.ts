import { expect, test } from 'vitest';
import { isRecordedWorkshop } from './panel-form.ts';

test('a recorded session does not become a workshop before its recording is switched off', () => {
	const asks = (stage_format: 'stage' | 'meeting', level: 'public' | 'chatham_house', is_recorded: boolean) =>
		isRecordedWorkshop({ stage_format, level }, { is_recorded });
	expect(asks('meeting', 'public', true)).toBe(true);
	expect([
		asks('stage', 'public', true),
		asks('meeting', 'public', false),
		// At this level nothing is recorded.
		asks('meeting', 'chatham_house', true)
	]).toEqual([false, false, false]);
});
