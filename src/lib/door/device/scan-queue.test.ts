import { describe, expect, it } from 'vitest';
import type { DoorStore } from './store.ts';
import type { QueuedScan } from './messages.ts';
import { ScanQueue } from './scan-queue.ts';

const scan = (id: string): QueuedScan => ({
	id,
	badge: 'b',
	direction: 'in',
	at: '2027-06-09T08:00:00.000Z',
	offset: 0,
	answer: 'welcome',
	checkpoint: 'c'
});

/** A browser's store that refuses writes while it is full. */
function storeOf(held: Map<string, QueuedScan>) {
	const state = { full: false };
	const act = <Value>(work: () => Value) =>
		state.full ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : Promise.resolve(work());
	const store = {
		putScan: (one: QueuedScan) => act(() => void held.set(one.id, one)),
		dropScans: (ids: string[]) => act(() => ids.forEach((id) => held.delete(id))),
		scans: (most: number) => Promise.resolve([...held.values()].slice(0, most)),
		scan: (id: string) => Promise.resolve(held.get(id) ?? null),
		ids: () => Promise.resolve([...held.keys()])
	};
	return { state, store: store as unknown as DoorStore };
}

describe('waiting scans', () => {
	it('stay on the page when the browser stores nothing at all', async () => {
		const waiting = new ScanQueue();
		expect(await waiting.keep(scan('a'))).toBe(false);
		expect([waiting.loose, await waiting.count(), await waiting.first(9)]).toEqual([1, 1, [scan('a')]]);
		await waiting.drop(['a']);
		expect([waiting.loose, await waiting.count()]).toEqual([0, 0]);
	});

	it('stay on the page while the store is full, with changes to stored ones, and are stored when there is room', async () => {
		const held = new Map<string, QueuedScan>();
		const { state, store } = storeOf(held);
		const waiting = new ScanQueue();
		waiting.use(store);
		expect(await waiting.keep(scan('a'))).toBe(true);
		state.full = true;
		const undone = { ...scan('a'), undone: true };
		expect([await waiting.keep(undone), await waiting.keep(scan('b'))]).toEqual([false, false]);
		expect([waiting.loose, await waiting.count(), await waiting.find('a')]).toEqual([2, 2, undone]);
		expect(await waiting.first(9)).toEqual([undone, scan('b')]);
		expect(await waiting.settle()).toBe(false);
		state.full = false;
		expect(await waiting.settle()).toBe(true);
		expect([waiting.loose, [...held.values()]]).toEqual([0, [undone, scan('b')]]);
	});

	it('are not sent again on this page when the store cannot delete them', async () => {
		const held = new Map<string, QueuedScan>();
		const { state, store } = storeOf(held);
		const waiting = new ScanQueue();
		waiting.use(store);
		for (const id of ['a', 'b']) await waiting.keep(scan(id));
		state.full = true;
		await waiting.drop(['a']);
		expect([await waiting.count(), await waiting.find('a'), await waiting.first(1)]).toEqual([1, null, [scan('b')]]);
		state.full = false;
		await waiting.drop(['b']);
		expect([held.size, await waiting.count()]).toEqual([0, 0]);
	});
});
