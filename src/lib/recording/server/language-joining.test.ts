/* The sound of a language beside the picture: the same positions, the original where something is missing, and the same cut. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	ALL_FORMATS,
	EncodedAudioPacketSource,
	EncodedPacket,
	EncodedPacketSink,
	FilePathSource,
	FilePathTarget,
	Input,
	Output,
	WebMOutputFormat
} from 'mediabunny';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cutSound, joinLanguage, type LanguagePart, type Silenced } from './language-joining.ts';

let folder: string;
let picture: string;
let first: string;
let second: string;
const { signal } = new AbortController();

/** A file of Opus packets of 20 milliseconds, each of which says in its bytes whose it is and when. */
async function writeSound(name: string, tag: number, milliseconds: number): Promise<string> {
	const path = join(folder, `${name}.webm`);
	const output = new Output({ format: new WebMOutputFormat(), target: new FilePathTarget(path) });
	const source = new EncodedAudioPacketSource('opus');
	output.addAudioTrack(source);
	await output.start();
	const decoderConfig = { codec: 'opus', numberOfChannels: 2, sampleRate: 48_000 };
	for (let at = 0; at < milliseconds; at += 20)
		await source.add(
			new EncodedPacket(Uint8Array.of(0xfc, tag, at >> 8, at & 0xff), 'key', at / 1000, 0.02),
			at === 0 ? { decoderConfig } : undefined
		);
	await output.finalize();
	return path;
}

/** The packets of a file: when they are played, whose they are, and when that was in its own file. */
async function packetsOf(path: string): Promise<{ at: number; of: number; was: number }[]> {
	const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(path) });
	const track = await input.getPrimaryAudioTrack();
	const found = [];
	if (track)
		for await (const { timestamp, data } of new EncodedPacketSink(track).packets())
			found.push({
				at: Math.round(timestamp * 1000),
				of: data[1] ?? 0,
				was: ((data[2] ?? 0) << 8) + (data[3] ?? 0)
			});
	input.dispose();
	return found;
}

const [original, one, two] = [1, 2, 3];

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'language-'));
	// Two parts, of 4 and 3 seconds.
	picture = await writeSound('picture', original, 7000);
	first = await writeSound('first', one, 4000);
	second = await writeSound('second', two, 3000);
});
afterAll(() => rm(folder, { recursive: true }));

/** Joins it; answers for how long parts were missing, and the packets of the file. */
async function joinAll(parts: LanguagePart[], silenced: Silenced[] = []) {
	const path = join(folder, 'joined.webm');
	const { missing } = await joinLanguage(picture, parts, silenced, path, signal);
	const packets = await packetsOf(path);
	const gap = Math.max(...packets.map(({ at }, index) => at - (packets[index - 1]?.at ?? 0)));
	return { missing, packets, gap, path };
}
/** Whose sound a file has at each of these positions. */
const heard = (packets: { at: number; of: number }[], ...positions: number[]) =>
	positions.map((position) => packets.findLast(({ at }) => at <= position)?.of);
const both = (): LanguagePart[] => [
	{ path: first, begins: 0, ends: 4000 },
	{ path: second, begins: 4000, ends: 7000 }
];

test('is as long as the picture, and each part begins where the part of the picture does', async () => {
	const { missing, packets, gap } = await joinAll(both());
	expect([missing, heard(packets, 0, 3900, 4000, 6900), gap, packets.length]).toEqual([
		0,
		[one, one, two, two],
		20,
		350
	]);
	expect(packets.every(({ at, of, was }) => at === was + (of === two ? 4000 : 0))).toBe(true);
});

test('a part that is longer than that of the picture is cut off where that ends', async () => {
	const { packets } = await joinAll([
		{ path: first, begins: 0, ends: 2500 },
		{ path: second, begins: 2500, ends: 7000 }
	]);
	expect(heard(packets, 2400, 2500, 5400, 5500, 6900)).toEqual([one, two, two, original, original]);
	expect(packets.filter(({ of, was }) => of === one && was >= 2500)).toEqual([]);
});

test('has the original where a part is missing, and nothing is shifted', async () => {
	const { missing, packets, gap } = await joinAll(both().slice(1));
	expect([missing, heard(packets, 0, 3900, 4000, 6900), gap]).toEqual([4000, [original, original, two, two], 20]);
	expect(packets.every(({ at, of, was }) => at === was + (of === two ? 4000 : 0))).toBe(true);
});

test('a booth that was opened in the middle of a part begins there', async () => {
	const { missing, packets } = await joinAll([{ path: first, begins: 1200, ends: 4000 }]);
	expect([Math.abs(missing - 4200) <= 20, heard(packets, 1100, 1200, 3900, 4000)]).toEqual([
		true,
		[original, one, one, original]
	]);
	expect(packets.filter(({ of, at, was }) => of === one && at !== was + 1200)).toEqual([]);
});

test('a voice that is withdrawn is replaced by the original, and is no gap', async () => {
	const { missing, packets, gap } = await joinAll(both(), [{ from: 1010, until: 2000 }]);
	expect([missing, heard(packets, 980, 1000, 1980, 2000), gap]).toEqual([0, [one, original, original, one], 20]);
	expect(packets.filter(({ of, was }) => of === one && was > 990 && was < 2000)).toEqual([]);
});

test('made again of its own file it loses only another voice', async () => {
	const before = await joinAll(both(), [{ from: 1000, until: 2000 }]);
	const kept = join(folder, 'kept.webm');
	await cutSound(before.path, kept, { from: 0, until: 7000 }, signal);
	const { packets } = await joinAll([{ path: kept, begins: 0, ends: Infinity }], [{ from: 5000, until: 6000 }]);
	expect(heard(packets, 500, 1500, 2500, 4500, 5500, 6500)).toEqual([one, original, one, two, original, two]);
	expect(packets.every(({ at, of, was }) => at === was + (of === two ? 4000 : 0))).toBe(true);
});

test('a part that is nothing is a gap, and a picture that is nothing an error', async () => {
	const noise = join(folder, 'noise.webm');
	await writeFile(noise, Buffer.alloc(5000, 7));
	const { missing, packets } = await joinAll([{ path: noise, begins: 0, ends: 7000 }]);
	expect([Math.abs(missing - 7000) <= 20, heard(packets, 0, 6900)]).toEqual([true, [original, original]]);
	await expect(joinLanguage(noise, [], [], join(folder, 'x.webm'), signal)).rejects.toThrow();
});

test('is cut exactly where the picture is cut', async () => {
	const { path } = await joinAll(both());
	const cut = join(folder, 'cut.webm');
	await cutSound(path, cut, { from: 1000, until: 5000 }, signal);
	const packets = await packetsOf(cut);
	expect([packets[0], packets.at(-1), packets.length]).toEqual([
		{ at: 0, of: one, was: 1000 },
		{ at: 3980, of: two, was: 980 },
		200
	]);
});
