import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { signBadge } from '../badge.ts';
import { readBadgeKeys } from '../server/badge-key.ts';
import { hashFor } from './list.ts';
import { DoorMemory } from './memory.ts';
import type { OfflineSnapshot, SnapshotRow } from './messages.ts';

/* A device with a wrong clock and a browser without storage. The list expires at the venue's midnight, 03:00 UTC. */
const hour = 3_600_000;
const summit = '5f0c0000-0000-4000-8000-000000000001';
const [monday, both] = ['5f0c0000-0000-4000-8000-00000000000a', '5f0c0000-0000-4000-8000-00000000000b'];
const { privateKey } = generateKeyPairSync('ed25519');
const key = await readBadgeKeys(`k:${privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')}`);
const code = (badge: string, days: number[]) => signBadge({ badge, summit, mode: 'in_person', days }, key.signer);
const rowOf = async (badge: string): Promise<SnapshotRow> => [
	await hashFor(summit, badge),
	`letters ${badge}`,
	'ok',
	0
];
const rows = await Promise.all([monday, both].map(rowOf));
const checkpoint = { id: 'c', place: 'c', capacity: null, opens_at: null, closes_at: null };
const snapshot = {
	checkpoint,
	expires: '2027-06-08T03:00:00Z',
	day: '2027-06-07',
	cursor: 0,
	sessions: [],
	rows,
	inside: {}
};

/** The answer of a device whose clock is so many hours off, at the true `time`. */
async function deviceAt(time: string, hoursFast: number) {
	const real = Date.parse(time);
	vi.setSystemTime(real + hoursFast * hour);
	const memory = new DoorMemory({
		id: summit,
		zone: 'America/Montevideo',
		starts_on: '2027-06-07',
		ends_on: '2027-06-09',
		keys: key.published,
		version: 'test'
	});
	expect(await memory.open()).toBe(null);
	await memory.setClockOffset(-hoursFast * hour);
	await memory.takeList(snapshot as unknown as OfflineSnapshot);
	const answerTo = async (badge: string, days: number[]) =>
		(await memory.answer('s', await code(badge, days), 'in')).answer;
	return { memory, answerTo };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

test.each([-2, 2])('a clock that is %i hours off accepts the badges of the day at the venue', async (off) => {
	// An hour after midnight, and an hour before: that clock shows another day.
	const { answerTo } = await deviceAt(off < 0 ? '2027-06-07T04:00:00Z' : '2027-06-08T02:00:00Z', off);
	expect([await answerTo(monday, [0]), await answerTo(both, [1])]).toEqual(['welcome', 'other_day']);
});

test.each([-2, 2])('the list expires with its day, by a clock that is %i hours off', async (off) => {
	expect(await (await deviceAt('2027-06-08T02:59:00Z', off)).answerTo(both, [0, 1])).toBe('welcome');
	expect(await (await deviceAt('2027-06-08T03:01:00Z', off)).answerTo(both, [0, 1])).toBe('no_network');
});

test.each([-2, 2])('scans of a clock that is %i hours off keep their order', async (off) => {
	const { memory, answerTo } = await deviceAt('2027-06-07T15:00:00Z', off);
	await answerTo(both, [0, 1]);
	const [scan] = await memory.waiting.first(1);
	expect(Date.parse(scan?.at ?? '') + (scan?.offset ?? 0)).toBe(Date.parse('2027-06-07T15:00:00Z'));
	const again = await memory.answer('t', await code(both, [0, 1]), 'in');
	expect([again.answer, again.since]).toEqual(['already_in', '2027-06-07T15:00:00.000Z']);
});

test('records in a scan which device made it, for any device that sends it', async () => {
	const { memory, answerTo } = await deviceAt('2027-06-07T15:00:00Z', 0);
	await memory.keepOwn({ id: 'one', key: 'k' });
	await answerTo(both, [0, 1]);
	await memory.wipe();
	await memory.keepOwn({ id: 'another', key: 'k' });
	expect(await memory.waiting.first(2)).toMatchObject([{ device: 'one' }]);
});

test.each([-2, 2])(
	'a clock that is %i hours off and set right without a network is right from then on',
	async (off) => {
		const { memory, answerTo } = await deviceAt('2027-06-07T15:00:00Z', off);
		// By the minute hand of a person's watch.
		vi.setSystemTime(Date.parse('2027-06-07T15:01:00Z'));
		await answerTo(both, [0, 1]);
		const [scan] = await memory.waiting.first(1);
		const made = Date.parse(scan?.at ?? '') + (scan?.offset ?? 0) - Date.parse('2027-06-07T15:00:00Z');
		expect([Math.round(made / 1000), Math.round((scan?.offset ?? 0) / 1000)]).toEqual([0, -60]);
	}
);

test('dates scans of an uncertain clock correctly once the server has answered', async () => {
	const { memory, answerTo } = await deviceAt('2027-06-07T15:00:00Z', 0);
	await answerTo(monday, [0]);
	// Set forward by an hour, or asleep for one: the device cannot tell.
	vi.setSystemTime(Date.parse('2027-06-07T16:00:00Z'));
	await memory.answer('later', await code(both, [0, 1]), 'in');
	await memory.setClockOffset(-hour);
	const at = (await memory.waiting.first(2)).map((scan) => new Date(Date.parse(scan.at) + scan.offset).toISOString());
	expect(at).toEqual(['2027-06-07T15:00:00.000Z', '2027-06-07T15:00:00.000Z']);
});

test('keeps a person who left outside when the list is loaded again, in any order in which the browser stores scans', async () => {
	const { memory, answerTo } = await deviceAt('2027-06-07T15:00:00Z', 0);
	await memory.answer('z', await code(both, [0, 1]), 'in');
	vi.setSystemTime(Date.parse('2027-06-07T15:00:01Z'));
	await memory.answer('a', await code(both, [0, 1]), 'out');
	const first = memory.waiting.first.bind(memory.waiting);
	memory.waiting.first = async (most) => (await first(most)).sort((one, other) => one.id.localeCompare(other.id));
	await memory.takeList(snapshot as unknown as OfflineSnapshot);
	expect([memory.list?.inside, await answerTo(both, [0, 1])]).toEqual([0, 'welcome']);
});

test('does not count a person who is stopped on the way out as inside', async () => {
	const { memory } = await deviceAt('2027-06-07T15:00:00Z', 0);
	const barred = { ...snapshot, rows: [[rows[0]?.[0], 'letters', 'stop', 0]], inside: { 0: 1 } };
	await memory.takeList(barred as unknown as OfflineSnapshot);
	const verdict = await memory.answer('s', await code(monday, [0]), 'out');
	expect([verdict.answer, verdict.scan, memory.list?.inside]).toEqual(['stop', null, 0]);
	await memory.takeList(barred as unknown as OfflineSnapshot);
	expect(memory.list?.inside).toBe(0);
});
