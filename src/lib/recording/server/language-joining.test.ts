/* The sound of a language beside the picture: the same positions, the original where something is missing, and the same cut. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from 'mediabunny';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordTone } from '../../../../tests/fixtures/recording-tone.ts';
import { joinParts } from './joining.ts';
import { cutSound, joinLanguage, type LanguagePart, type Silenced } from './language-joining.ts';

let folder: string;
let picture: string;
let length: number;
/** Where the second part begins. */
let begins: number;
let sounds: string[];
const { signal } = new AbortController();

interface Packet {
	at: number;
	ends: number;
	bytes: string;
}

async function packetsOf(path: string): Promise<Packet[]> {
	const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(path) });
	const track = await input.getPrimaryAudioTrack();
	const found: Packet[] = [];
	if (track)
		for await (const { timestamp, duration, data } of new EncodedPacketSink(track).packets())
			found.push({
				at: timestamp * 1000,
				ends: (timestamp + duration) * 1000,
				bytes: Buffer.from(data).toString('base64')
			});
	input.dispose();
	return found;
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'language-'));
	const parts = [join(folder, 'p1.webm'), join(folder, 'p2.webm')];
	sounds = [join(folder, 's1.webm'), join(folder, 's2.webm')];
	await recordTone(parts[0] ?? '', 3000);
	await recordTone(parts[1] ?? '', 2000);
	for (const [index, path] of sounds.entries()) await recordTone(path, index === 0 ? 3000 : 2000, { isSound: true });
	picture = join(folder, 'picture.webm');
	const made = await joinParts(
		parts.map((path, index) => ({ number: index + 1, path, most: 60_000 })),
		picture
	);
	length = made?.length ?? 0;
	begins = made?.lengths[1] ?? 0;
}, 90_000);
afterAll(() => rm(folder, { recursive: true }));

/** Joins it, and says of each moment of the file whose sound it has, without the seam of a packet. */
async function joinAll(parts: LanguagePart[], silenced: Silenced[] = []) {
	const path = join(folder, 'joined.webm');
	const { missing } = await joinLanguage(picture, parts, silenced, path, signal);
	const packets = await packetsOf(path);
	const original = new Set((await packetsOf(picture)).map(({ bytes }) => bytes));
	const at = (milliseconds: number) => {
		const packet = packets.find((one) => one.at <= milliseconds && one.ends > milliseconds);
		return packet && (original.has(packet.bytes) ? 'original' : 'language');
	};
	const gap = Math.max(0, ...packets.map(({ at: start }, index) => start - (packets[index - 1]?.ends ?? 0)));
	return { missing, at, gap, end: packets.at(-1)?.ends ?? 0, path, packets };
}
const both = (): LanguagePart[] => [
	{ path: sounds[0] ?? '', begins: 0, ends: begins },
	{ path: sounds[1] ?? '', begins, ends: length }
];

test('is as long as the picture, and each part begins where the part of the picture does', async () => {
	const { missing, at, gap, end, packets } = await joinAll(both());
	expect([missing, at(500), at(begins - 300), at(begins + 300), at(length - 500)]).toEqual([
		0,
		'language',
		'language',
		'language',
		'language'
	]);
	expect(gap).toBeLessThan(150);
	expect(Math.abs(end - length)).toBeLessThan(150);
	const [first] = await packetsOf(sounds[1] ?? '');
	// A sound of silence has equal packets; a tone that begins has its own.
	const placed = packets.find(({ at: start }) => start >= begins - 5);
	expect(Math.abs((placed?.at ?? 0) - begins - (first?.at ?? 0))).toBeLessThan(80);
});

test('has the original where a part is missing, and nothing is shifted', async () => {
	const [, second] = both();
	const { missing, at, gap } = await joinAll(second ? [second] : []);
	expect([at(500), at(begins - 300), at(begins + 300)]).toEqual(['original', 'original', 'language']);
	// The recorders of the test begin and end at times of their own.
	const own = await packetsOf(sounds[1] ?? '');
	const expected = begins + (own[0]?.at ?? 0) + Math.max(0, length - begins - (own.at(-1)?.ends ?? 0));
	expect(Math.abs(missing - expected)).toBeLessThan(150);
	expect(gap).toBeLessThan(150);
});

test('a booth that was opened in the middle of a part begins there', async () => {
	const [first] = both();
	const { missing, at } = await joinAll(first ? [{ ...first, begins: 1200 }] : []);
	expect([at(900), at(1500), at(begins - 200), at(begins + 300)]).toEqual([
		'original',
		'language',
		'language',
		'original'
	]);
	expect(Math.abs(missing - 1200 - (length - begins))).toBeLessThan(200);
});

test('a voice that is withdrawn is replaced by the original, and is no gap', async () => {
	const { missing, at, path } = await joinAll(both(), [{ from: 1000, until: 2000 }]);
	expect([missing, at(800), at(1200), at(1900), at(2300)]).toEqual([0, 'language', 'original', 'original', 'language']);
	const own = new Set(
		(await packetsOf(sounds[0] ?? '')).filter(({ at: a }) => a > 1000 && a < 1900).map((p) => p.bytes)
	);
	const rest = (await packetsOf(path)).filter(({ at: a, ends }) => a < 2000 && ends > 1000);
	expect(rest.filter(({ bytes }) => own.has(bytes))).toEqual([]);
});

test('a part that is nothing is a gap, and a picture that is nothing an error', async () => {
	const noise = join(folder, 'noise.webm');
	await writeFile(noise, Buffer.alloc(5000, 7));
	const { at, missing } = await joinAll([{ path: noise, begins: 0, ends: length }]);
	expect([at(500), Math.abs(missing - length) < 100]).toEqual(['original', true]);
	await expect(joinLanguage(noise, [], [], join(folder, 'x.webm'), signal)).rejects.toThrow();
});

test('is cut exactly where the picture is cut', async () => {
	const { path, packets } = await joinAll(both());
	const cut = join(folder, 'cut.webm');
	await cutSound(path, cut, { from: 1000, until: 2500 }, signal);
	const short = await packetsOf(cut);
	expect(short.at(-1)?.ends).toBeLessThan(1600);
	expect(short.at(-1)?.ends).toBeGreaterThan(1400);
	const first = packets.find(({ at }) => at >= 1000);
	expect([short[0]?.bytes, Math.abs((short[0]?.at ?? 0) - ((first?.at ?? 0) - 1000)) < 2]).toEqual([
		first?.bytes,
		true
	]);
});
