import type { LiveRoomData } from '#lib/database/answers/meetings.ts';
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import RoomTimer from './RoomTimer.svelte';

const start = '2027-06-09T10:00:00.000Z';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse(start), toFake: ['Date', 'setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

it('goes on when a message makes a new room around the same breakout rooms', async () => {
	const breakouts = { count: 2, until: '2027-06-09T10:10:00.000Z', now: start };
	let room = $state.raw({ breakouts, me: { number: 1 }, messages: [], languages: [], caption_languages: [] });
	const timer = mount(RoomTimer, {
		target: document.body,
		props: {
			get room() {
				return room as unknown as LiveRoomData;
			},
			get breakouts() {
				return room.breakouts;
			},
			onover: () => undefined
		}
	});
	const messageArrives = () => (room = { ...room, messages: [] });
	const left = () => {
		flushSync();
		return document.querySelector('[role=timer]')?.textContent;
	};
	expect(left()).toContain('10:00');
	vi.advanceTimersByTime(30_000);
	expect(left()).toContain('9:30');
	messageArrives();
	expect(left()).toContain('9:30');
	vi.advanceTimersByTime(1000);
	expect(left()).toContain('9:29');
	await unmount(timer);
});
