/* Parts as Chromium's MediaRecorder writes them, joined to one file in which one can go to a place. */
import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from 'mediabunny';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordTone } from '../../../../tests/fixtures/recording-tone.ts';
import { joinParts } from './joining.ts';

let folder: string;
let first: string;
let second: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'joining-'));
	[first, second] = [join(folder, '1.webm'), join(folder, '2.webm')];
	await recordTone(first, 2500);
	await recordTone(second, 1500);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

/** The longest time between the ends and beginnings of the audio packets of a file, and of its beginning and end. Milliseconds. */
async function longestGap(path: string): Promise<number> {
	const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(path) });
	const track = await input.getPrimaryAudioTrack();
	let [gap, end] = [0, 0];
	if (track)
		for await (const { timestamp, duration } of new EncodedPacketSink(track).packets()) {
			gap = Math.max(gap, timestamp - end);
			end = timestamp + duration;
		}
	gap = Math.max(gap, (await input.computeDuration()) - end);
	input.dispose();
	return gap * 1000;
}

async function lengthOf(path: string): Promise<number> {
	const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(path) });
	const length = await input.computeDuration();
	input.dispose();
	return length * 1000;
}

test('the file is as long as its parts, and each is cut where it ended', async () => {
	const whole = join(folder, 'whole.webm');
	const joined = await joinParts(
		[
			{ number: 1, path: first, most: 1200 },
			{ number: 2, path: second, most: 60_000 }
		],
		whole
	);
	expect(joined?.lengths[1]).toBeGreaterThan(1100);
	expect(joined?.lengths[1]).toBeLessThan(1300);
	expect(joined?.length).toBe((joined?.lengths[1] ?? 0) + (joined?.lengths[2] ?? 0));
	expect(Math.abs((await lengthOf(whole)) - (joined?.length ?? 0))).toBeLessThan(80);
});

test('a part that broke off is good until there, and one that is nothing adds nothing', async () => {
	const bytes = await readFile(first);
	const broken = join(folder, 'broken.webm');
	await writeFile(broken, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
	const noise = join(folder, 'noise.webm');
	await writeFile(noise, Buffer.alloc(5000, 7));
	const joined = await joinParts(
		[
			{ number: 1, path: noise, most: 60_000 },
			{ number: 2, path: broken, most: 60_000 },
			{ number: 3, path: second, most: 60_000 }
		],
		join(folder, 'rest.webm')
	);
	expect(joined?.lengths[1]).toBe(0);
	expect(joined?.lengths[2]).toBeGreaterThan(600);
	expect(joined?.lengths[3]).toBeGreaterThan(1000);
	expect(await joinParts([{ number: 1, path: noise, most: 60_000 }], join(folder, 'none.webm'))).toBeNull();
});

test('silence fills the places where a part has no audio', async () => {
	const paused = join(folder, 'paused.webm');
	await recordTone(paused, 1500, { pause: 1200 });
	expect(await longestGap(paused)).toBeGreaterThan(500);
	const filled = join(folder, 'filled.webm');
	await joinParts(
		[first, paused, second].map((path, index) => ({ number: index + 1, path, most: 60_000 })),
		filled
	);
	expect(await longestGap(filled)).toBeLessThan(150);
});
