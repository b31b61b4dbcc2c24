import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileTypeFromFile } from 'file-type';
import { squareOf, type Crop } from '#lib/files/crop.ts';
import { incomingFolder, objectName } from './store.ts';
import type { Incoming } from './incoming.ts';

/** Why a picture cannot be a portrait. */
export type PictureFault =
	'picture_type' | 'picture_phone' | 'picture_moves' | 'picture_huge' | 'picture_small' | 'picture_broken';

/** A portrait in its two sizes, ready to be stored. */
type Portrait = { ok: true; large: Incoming; small: Incoming } | { ok: false; fault: PictureFault };

const types = new Set(['image/jpeg', 'image/png', 'image/webp']);
const dots = 50_000_000;
const sizes = { large: 480, small: 160 };

// 17 MB of native code: loaded with the first picture, not at the start.
async function openPicture(path: string) {
	const { default: sharp } = await import('sharp');
	sharp.cache(false);
	return sharp(path, { limitInputPixels: dots, failOn: 'error', sequentialRead: true });
}

async function storeIncoming(bytes: Buffer): Promise<Incoming> {
	await mkdir(incomingFolder(), { recursive: true, mode: 0o700 });
	const name = objectName();
	const path = join(incomingFolder(), name);
	await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
	return {
		path,
		name,
		size: bytes.length,
		sha256: createHash('sha256').update(bytes).digest('hex'),
		drop: () => rm(path, { force: true })
	};
}

async function faultOf(path: string): Promise<PictureFault | null> {
	const found = await fileTypeFromFile(path).catch(() => undefined);
	if (/^image\/hei[cf]/.test(found?.mime ?? '')) return 'picture_phone';
	if (found?.mime === 'image/gif' || found?.mime === 'image/apng') return 'picture_moves';
	return found && types.has(found.mime) ? null : 'picture_type';
}

/**
 * Makes a portrait: upright, the chosen square, in two sizes, as WebP without the camera's metadata. The picture is
 * encoded again from its pixels, so that nothing else from the file remains.
 */
export async function makePortrait(path: string, crop: Crop): Promise<Portrait> {
	const fault = await faultOf(path);
	if (fault) return { ok: false, fault };
	try {
		const { width = 0, height = 0, pages = 1, autoOrient } = await (await openPicture(path)).metadata();
		if (pages > 1) return { ok: false, fault: 'picture_moves' };
		if (width * height > dots) return { ok: false, fault: 'picture_huge' };
		const upright = autoOrient.width ? autoOrient : { width, height };
		const { side, left, top } = squareOf(crop, upright.width, upright.height);
		if (side < sizes.small) return { ok: false, fault: 'picture_small' };
		const square = (await openPicture(path)).autoOrient().extract({ left, top, width: side, height: side });
		const at = (size: number) =>
			square.clone().resize(Math.min(size, side)).flatten({ background: '#ffffff' }).webp({ quality: 82 }).toBuffer();
		const [large, small] = [await at(sizes.large), await at(sizes.small)];
		return { ok: true, large: await storeIncoming(large), small: await storeIncoming(small) };
	} catch (error) {
		return { ok: false, fault: faultOfError(error) };
	}
}

/**
 * A picture encoded again in its own format, upright and without the camera's metadata, for handouts. False when it
 * cannot be read.
 */
export async function withoutMetadata(path: string): Promise<Buffer | null> {
	try {
		return await (await openPicture(path)).autoOrient().toBuffer();
	} catch {
		return null;
	}
}

/** A picture for a page: upright, at most 1600 pixels wide, as WebP without the camera's metadata. */
export async function pictureForPage(
	path: string
): Promise<{ ok: true; bytes: Buffer; width: number; height: number } | { ok: false; fault: PictureFault }> {
	const fault = await faultOf(path);
	if (fault) return { ok: false, fault };
	try {
		const { pages = 1 } = await (await openPicture(path)).metadata();
		if (pages > 1) return { ok: false, fault: 'picture_moves' };
		const { data, info } = await (
			await openPicture(path)
		)
			.autoOrient()
			.resize({ width: 1600, height: 1600, fit: 'inside', withoutEnlargement: true })
			.webp({ quality: 82 })
			.toBuffer({ resolveWithObject: true });
		return { ok: true, bytes: data, width: info.width, height: info.height };
	} catch (error) {
		return { ok: false, fault: faultOfError(error) };
	}
}

const faultOfError = (error: unknown): PictureFault =>
	error instanceof Error && /pixel limit/i.test(error.message) ? 'picture_huge' : 'picture_broken';
