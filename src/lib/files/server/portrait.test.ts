import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { middle } from '#lib/files/crop.ts';
import { pngBomb } from '../../../../tests/fixtures/documents.ts';
import { makePortrait, withoutMetadata } from './portrait.ts';
import { incomingFolder } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'portrait-'));
const before = process.env['FILES_DIR'];
beforeAll(() => {
	process.env['FILES_DIR'] = folder;
});
afterAll(() => {
	if (before === undefined) delete process.env['FILES_DIR'];
	else process.env['FILES_DIR'] = before;
	rmSync(folder, { recursive: true });
});

function written(content: Buffer | string): string {
	const path = join(folder, 'picture');
	writeFileSync(path, content);
	return path;
}

/** Four quarters: red and green above, blue and white below. */
function quarters(width: number, height: number) {
	const half = (left: number, top: number, background: string) => ({
		input: { create: { width: Math.ceil(width / 2), height: Math.ceil(height / 2), channels: 3 as const, background } },
		left,
		top
	});
	const [x, y] = [Math.floor(width / 2), Math.floor(height / 2)];
	return sharp({ create: { width, height, channels: 3, background: '#ffffff' } }).composite([
		half(0, 0, '#ff0000'),
		half(x, 0, '#00ff00'),
		half(0, y, '#0000ff')
	]);
}

async function cornersOf(bytes: Buffer): Promise<string[]> {
	const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
	const at = (x: number, y: number) => {
		const [red = 0, green = 0, blue = 0] = data.subarray((y * info.width + x) * 3);
		return red > 200 && green > 200
			? 'white'
			: red > 128
				? 'red'
				: green > 128
					? 'green'
					: blue > 128
						? 'blue'
						: 'black';
	};
	const end = info.width - 4;
	return [at(3, 3), at(end, 3), at(3, end), at(end, end)];
}

test('is square, upright, in two sizes, and holds nothing that the camera wrote', async () => {
	// Turned a quarter, as a phone held upright writes it, with a name and a place.
	const path = written(
		await quarters(900, 600)
			.jpeg()
			.withExif({
				IFD0: { Artist: 'CANARY-Name' },
				IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' }
			})
			.withMetadata({ orientation: 6 })
			.toBuffer()
	);
	const made = await makePortrait(path, middle);
	if (!made.ok) throw new Error(made.fault);
	for (const [part, size] of [
		[made.large, 480],
		[made.small, 160]
	] as const) {
		const bytes = readFileSync(part.path);
		const { format, width, height, exif, icc, xmp, orientation } = await sharp(bytes).metadata();
		expect({ format, width, height, exif, icc, xmp, orientation }).toEqual({
			format: 'webp',
			width: size,
			height: size
		});
		expect([bytes.includes('CANARY'), bytes.includes('Exif'), part.size]).toEqual([false, false, bytes.length]);
		expect(await cornersOf(bytes)).toEqual(['blue', 'red', 'white', 'green']);
		await part.drop();
	}
});

test('shows the square that was chosen', async () => {
	const path = written(await quarters(1000, 800).png().toBuffer());
	const corners = async (across: number, down: number) => {
		const made = await makePortrait(path, { size: 40, across, down });
		if (!made.ok) throw new Error(made.fault);
		const found = await cornersOf(readFileSync(made.large.path));
		await Promise.all([made.large.drop(), made.small.drop()]);
		return [...new Set(found)];
	};
	expect([await corners(0, 0), await corners(100, 0), await corners(0, 100), await corners(100, 100)]).toEqual([
		['red'],
		['green'],
		['blue'],
		['white']
	]);
});

const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic'), Buffer.alloc(64)]);

test.each<[string, () => Promise<Buffer | string>, string]>([
	['a picture of a phone', async () => heic, 'picture_phone'],
	['a drawing', async () => '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600"/>', 'picture_type'],
	['a PDF', async () => '%PDF-1.7 %%EOF', 'picture_type'],
	[
		'a picture that moves',
		async () => Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
		'picture_moves'
	],
	['one of 120 by 120 dots', () => quarters(120, 120).png().toBuffer(), 'picture_small'],
	[
		'a file cut short',
		async () => (await quarters(800, 800).jpeg({ quality: 100 }).toBuffer()).subarray(0, 3000),
		'picture_broken'
	],
	// A few kilobytes that are 144 million dots when unpacked.
	['a picture that unpacks to half a gigabyte', async () => pngBomb(12_000), 'picture_huge']
])('%s gets a clear answer', async (_what, make, fault) => {
	expect(await makePortrait(written(await make()), middle)).toEqual({ ok: false, fault });
	expect(existsSync(incomingFolder()) ? readdirSync(incomingFolder()) : []).toEqual([]);
});

test('a handout that is a picture loses what the camera wrote, and stays what it is', async () => {
	const path = written(
		await quarters(300, 200)
			.jpeg()
			.withExif({ IFD0: { Artist: 'CANARY' } })
			.toBuffer()
	);
	expect(readFileSync(path).includes('CANARY')).toBe(true);
	const bytes = await withoutMetadata(path);
	expect([bytes?.includes('CANARY'), (await sharp(bytes ?? undefined).metadata()).format]).toEqual([false, 'jpeg']);
	expect(await withoutMetadata(written('no picture'))).toBeNull();
});
