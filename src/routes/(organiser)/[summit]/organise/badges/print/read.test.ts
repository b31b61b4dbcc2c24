/* What a camera sees of a printed badge: each sheet is drawn at the resolution of a plain printer, its codes are read, and the door believes them. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { layouts } from '#lib/badges/layouts.ts';
import { paperOf, type CodedBadge } from '#lib/badges/paper.ts';
import { badgesTemplate } from '#lib/badges/template.ts';
import { signBadge, verifyBadge } from '#lib/door/badge.ts';
import { readBadgeKeys } from '#lib/door/server/badge-key.ts';
import { drawCode } from '#lib/door/server/picture.ts';
import { renderPdf } from '#lib/files/server/pdf.ts';

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
await prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(wasm).buffer }, fireImmediately: true });
const library = await PDFiumLibrary.init();
const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const keys = await readBadgeKeys(`b1:${key}`);
const summit = randomUUID();

async function newBadge(display_name: string): Promise<CodedBadge> {
	const badge = randomUUID();
	return {
		badge,
		badge_code: '7Q4MXK29BD3F',
		display_name,
		office: 'Director of Programmes',
		affiliation: 'Quiet Harbour Foundation',
		country: null,
		category: 'delegate',
		languages: ['en', 'fr'],
		no_photographs: true,
		line: [],
		code: drawCode(await signBadge({ badge, summit, mode: 'in_person', days: [0, 1] }, keys.signer))
	};
}

/** Every code on the first page, at 150 dots to the inch. */
async function codesOn(pdf: Buffer): Promise<string[]> {
	const paper = await library.loadDocument(pdf);
	const { data, width, height } = await paper.getPage(0).render({ scale: 150 / 72, render: 'bitmap' });
	paper.destroy();
	const pixels = { data: new Uint8ClampedArray(data), width, height, colorSpace: 'srgb' } as ImageData;
	const found = await readBarcodes(pixels, { formats: ['QRCode'], maxNumberOfSymbols: 16 });
	return found.map(({ text }) => text);
}

test.each(layouts.map((layout) => [layout.key, layout] as const))(
	'the codes on %s are read and in order',
	async (_, layout) => {
		const place = { name: { original: 'en', en: 'Summit' }, city: {}, starts_on: '2027-06-09', ends_on: '2027-06-10' };
		const badges = await Promise.all(['Ana Lima', 'عائشة الفهري', '李明霞', 'Nguyễn Thị Dương'].map(newBadge));
		const codes = await codesOn(
			await renderPdf(badgesTemplate, paperOf(badges, layout, place, 'en', 'https://summit.example'))
		);
		const read = await Promise.all(codes.map((code) => verifyBadge(code, keys.verifiers, { summit, day: 1 })));
		const ids = read.map((reading) => (reading.ok ? reading.rights.badge : reading.refusal));
		const sheet = layout.page[0] > 200 && layout.key !== 'a4-fold' ? badges : badges.slice(0, 1);
		expect([...new Set(ids)].sort()).toEqual(sheet.map(({ badge }) => badge).sort());
	}
);
