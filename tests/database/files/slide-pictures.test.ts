import { describe, expect, test } from 'vitest';
import sharp from 'sharp';
import { renderPdf } from '../../../src/lib/files/server/pdf.ts';
import { slidePicture } from '../../../src/lib/stage/server/slides.ts';

const words = `#set page(paper: "presentation-16-9")\n#set text(size: 26pt)\n= First\n#lorem(50)\n#pagebreak()\n= Second\n#rect(width: 100%, height: 3cm, fill: blue)`;
const pdf = () => renderPdf(words, { lang: 'en', title: 'Slides' });

describe('a page of slides as a picture', () => {
	test('is sharp on a hall’s screen, takes tens of kilobytes, and is made once', async () => {
		let loads = 0;
		const load = async () => {
			loads += 1;
			return new Uint8Array(await pdf());
		};
		const [first, again] = await Promise.all([slidePicture('v1', 1, load), slidePicture('v1', 1, load)]);
		expect(again).toBe(first);
		expect(loads).toBe(1);
		const { width, height, format } = await sharp(first?.bytes).metadata();
		expect([format, Math.round(((width ?? 0) / (height ?? 1)) * 9)]).toEqual(['webp', 16]);
		expect(width).toBeGreaterThan(1590);
		// An hour of video at the lowest quality is some hundred megabytes; forty such pages are less than three.
		expect(first?.bytes.length).toBeLessThan(80_000);
		// The colours match the file.
		const second = await slidePicture('v1', 2, load);
		const { data } = await sharp(second?.bytes).resize(16, 9).removeAlpha().raw().toBuffer({ resolveWithObject: true });
		const bluest = Math.max(
			...Array.from({ length: data.length / 3 }, (_, at) => (data[at * 3 + 2] ?? 0) - (data[at * 3] ?? 0))
		);
		expect(bluest).toBeGreaterThan(150);
	}, 60_000);

	test('is missing for a file that is no PDF, a missing page or a deleted file, and is tried again', async () => {
		expect(await slidePicture('v2', 1, async () => new TextEncoder().encode('no slides'))).toBeNull();
		expect(await slidePicture('v2', 1, async () => null)).toBeNull();
		const load = async () => new Uint8Array(await pdf());
		expect(await slidePicture('v2', 99, load)).toBeNull();
		expect(await slidePicture('v2', 1, load)).not.toBeNull();
	}, 60_000);
});
