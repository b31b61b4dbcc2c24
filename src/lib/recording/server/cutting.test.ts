/* A span of a file as Chromium's MediaRecorder writes it, and of an MP4: it begins with a key frame, and sound and picture stay together. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from 'mediabunny';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordTone } from '../../../../tests/fixtures/recording-tone.ts';
import { cutFile } from './cutting.ts';
import { findFfmpeg } from './ffmpeg.ts';
import { joinParts } from './joining.ts';

const never = new AbortController().signal;
const ffmpeg = findFfmpeg();
let folder: string;
let whole: string;
let length: number;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'cutting-'));
	const part = join(folder, 'part.webm');
	await recordTone(part, 6000, { keyFrameEvery: 1000 });
	whole = join(folder, 'whole.webm');
	length = (await joinParts([{ number: 1, path: part, most: 60_000 }], whole))?.length ?? 0;
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

/** The times of the packets of a file by track, in milliseconds, and whether its first picture is a key frame. */
async function packetsOf(path: string) {
	const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(path) });
	const found: { video: number[]; audio: number[]; keys: number[]; length: number } = {
		video: [],
		audio: [],
		keys: [],
		length: 0
	};
	for (const kind of ['video', 'audio'] as const) {
		const track = kind === 'video' ? await input.getPrimaryVideoTrack() : await input.getPrimaryAudioTrack();
		if (!track) continue;
		for await (const packet of new EncodedPacketSink(track).packets()) {
			found[kind].push(packet.timestamp * 1000);
			if (kind === 'video' && packet.type === 'key') found.keys.push(packet.timestamp * 1000);
		}
	}
	found.length = (await input.computeDuration()) * 1000;
	input.dispose();
	return found;
}

test('begins with the first key frame at or after the position, and ends at the other', async () => {
	const before = await packetsOf(whole);
	expect(before.keys.length).toBeGreaterThan(3);
	const to = join(folder, 'cut.webm');
	const cut = await cutFile(whole, to, { from: 1300, until: 4200 }, never);
	const key = before.keys.find((at) => at >= 1300) ?? 0;
	expect(cut?.from).toBe(Math.round(key));
	expect(Math.abs((cut?.from ?? 0) + (cut?.length ?? 0) - 4200)).toBeLessThan(110);
	const after = await packetsOf(to);
	expect(after.keys[0]).toBe(0);
	expect(Math.abs(after.length - (cut?.length ?? 0))).toBeLessThan(80);
	// Each picture and each sound is where it was, as much earlier as was cut off.
	for (const kind of ['video', 'audio'] as const)
		expect(after[kind].map((at) => Math.round(at + key))).toEqual(
			before[kind].filter((at) => at >= key && at < 4200).map((at) => Math.round(at))
		);
});

test('a position on a key frame is kept, and one without a later key frame leaves nothing', async () => {
	const { keys } = await packetsOf(whole);
	const second = Math.round(keys[1] ?? 0);
	expect((await cutFile(whole, join(folder, 'exact.webm'), { from: second, until: length }, never))?.from).toBe(second);
	const last = Math.round(keys.at(-1) ?? 0);
	expect(await cutFile(whole, join(folder, 'none.webm'), { from: last + 10, until: length }, never)).toBeNull();
});

test('a cut can be cut again', async () => {
	const [once, twice] = [join(folder, 'once.webm'), join(folder, 'twice.webm')];
	const first = await cutFile(whole, once, { from: 500, until: 5000 }, never);
	const second = await cutFile(once, twice, { from: 500, until: first?.length ?? 0 }, never);
	const { keys } = await packetsOf(whole);
	expect(keys.map((at) => Math.round(at))).toContain((first?.from ?? 0) + (second?.from ?? 0));
});

test('what is no film is refused, and a stop ends it', async () => {
	const noise = join(folder, 'noise');
	await writeFile(noise, Buffer.alloc(5000, 7));
	const to = join(folder, 'nothing');
	await expect(cutFile(noise, to, { from: 0, until: 1000 }, never)).rejects.toThrow();
	await expect(cutFile(whole, to, { from: 0, until: 3000 }, AbortSignal.abort())).rejects.toThrow();
});

describe.skipIf(!ffmpeg)('with an ffmpeg on this machine (skipped where there is none)', () => {
	test('an MP4 as Egress writes it stays an MP4', async () => {
		const from = join(folder, 'egress.mp4');
		const pictures = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25:duration=6'];
		const codec = ['-c:v', 'libx264', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
		execFileSync(ffmpeg ?? '', [
			'-v',
			'error',
			'-y',
			...pictures,
			'-f',
			'lavfi',
			'-i',
			'sine=duration=6',
			...codec,
			from
		]);
		const to = join(folder, 'cut.mp4');
		expect(await cutFile(from, to, { from: 1000, until: 5000 }, never)).toEqual({
			from: 2000,
			length: expect.closeTo(3000, -2)
		});
		const { keys, length: made } = await packetsOf(to);
		expect([keys[0], Math.round(made / 100)]).toEqual([0, 30]);
	});
});
