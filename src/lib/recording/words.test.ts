import { expect, test } from 'vitest';
import type { RecordingTrim } from '#lib/database/answers/recording.ts';
import { m } from '#lib/i18n/messages.ts';
import { trimSentence } from './words.ts';

const trim: RecordingTrim = {
	state: 'failed',
	reason: null,
	from_ms: 1000,
	until_ms: 9000,
	before_ms: 0,
	after_ms: 0,
	lines: 0,
	may_undo: true
};

test('other positions are advised where they help, and nowhere else', () => {
	expect(trimSentence({ ...trim, reason: 'no_picture' })).toBe(m.recording_trim_failed_frame());
	for (const reason of ['interrupted', 'gone', 'unreadable', 'store'] as const)
		expect(trimSentence({ ...trim, reason })).toBe(m.recording_trim_failed());
});

test('a trim that a legal hold stops is not said to be under way', () => {
	expect(trimSentence({ ...trim, state: 'held' })).toBe(m.recording_trim_waits());
});
