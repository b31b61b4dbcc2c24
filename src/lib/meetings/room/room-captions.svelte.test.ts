import type { ReadRoomCaptions } from '#lib/database/answers/meetings.ts';
import { flushSync } from 'svelte';
import { expect, it, vi } from 'vitest';
import type { LiveRoom } from './live-room.svelte.ts';
import { RoomCaptions } from './room-captions.svelte.ts';

const live = vi.hoisted(() => ({ onEvent: (_: { kind: string }) => undefined as void }));
vi.mock('#lib/live/events.svelte.ts', () => ({
	subscribeToTopics: (_: unknown, onEvent: typeof live.onEvent) => (live.onEvent = onEvent)
}));
vi.mock('#lib/live/run-events.svelte.ts', () => ({ subscribeToRun: () => undefined }));

const room = {
	isIn: true,
	room: { id: 'r', caption_languages: ['en'], people: [], me: { state: 'in', number: 0 } }
} as unknown as LiveRoom;

const line = { language: 'en', starts: 1000, ends: 2000, is_final: true, is_corrected: false };
function answerWith(...all: string[]): Response {
	const lines = all.map((words, number) => ({ ...line, id: words, number, words }));
	return Response.json({ read_at: 60_000, opened: 0, lines } satisfies ReadRoomCaptions);
}

it('shows no deleted line again that a reading brings which began before', async () => {
	const answers: ((answer: Response) => void)[] = [];
	vi.spyOn(window, 'fetch').mockImplementation(() => new Promise((answer) => answers.push(answer)));
	let captions: RoomCaptions | undefined;
	const end = $effect.root(() => {
		captions = new RoomCaptions(room, () => '/room');
	});
	captions?.following.choose({ language: 'en' });
	flushSync();
	await expect.poll(() => answers.length).toBe(1);
	live.onEvent({ kind: 'captions' });
	answers[0]?.(answerWith('Kept', 'Deleted'));
	await expect.poll(() => answers.length).toBe(2);
	answers[1]?.(answerWith('Kept'));
	await expect.poll(() => captions?.following.lines.map(({ words }) => words)).toEqual(['Kept']);
	end();
});
