import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { callPrivate } from '#lib/database/server/pool.ts';

/** Fetches the bytes of a PDF. */
type Load = () => Promise<Uint8Array | null>;

/** A page as a picture; `tag` identifies its content. */
interface SlidePicture {
	bytes: Uint8Array<ArrayBuffer>;
	tag: string;
}

// Wide enough for a hall's screen, and still some tens of kilobytes for a page of text.
const width = 1600;
const timeoutMs = 20_000;
const mostKept = 64 * 1024 * 1024;

/*
 * A PDF comes from a person, so it is read in a separate thread, in WebAssembly, and given up when it takes too long.
 * Text, because a bundle has no separate file to start a worker from.
 */
const source = `
const { parentPort, workerData } = require('node:worker_threads');
const { PDFiumLibrary } = require(workerData.pdfium);
const sharp = require(workerData.sharp);
(async () => {
	const library = await PDFiumLibrary.init();
	const document = await library.loadDocument(workerData.bytes);
	const pages = document.getPageCount();
	if (workerData.page === null) return parentPort.postMessage({ pages });
	const page = document.getPage(workerData.page - 1);
	const { originalWidth, originalHeight } = page.getOriginalSize();
	const scale = workerData.width / Math.max(originalWidth, originalHeight * 16 / 9);
	const { data } = await page.render({
		scale,
		render: ({ data, width, height }) => sharp(data, { raw: { width, height, channels: 4 } }).webp({ quality: 80 }).toBuffer()
	});
	parentPort.postMessage({ pages, picture: new Uint8Array(data) });
})().catch(() => parentPort.postMessage({ pages: 0 }));
`;

interface Read {
	pages: number;
	picture?: Uint8Array<ArrayBuffer>;
}

function read(bytes: Uint8Array, page: number | null): Promise<Read> {
	const { resolve } = createRequire(import.meta.url);
	const worker = new Worker(source, {
		eval: true,
		workerData: { bytes, page, width, pdfium: resolve('@hyzyla/pdfium'), sharp: resolve('sharp') },
		resourceLimits: { maxOldGenerationSizeMb: 512 }
	});
	return new Promise<Read>((done) => {
		const timer = setTimeout(() => done({ pages: 0 }), timeoutMs);
		worker.once('message', (answer: Read) => done(answer));
		worker.once('error', () => done({ pages: 0 }));
		worker.once('exit', () => done({ pages: 0 }));
		timer.unref();
	}).finally(() => void worker.terminate());
}

// One page at a time: a hall that waits for slides must not use both cores that the speakers' media needs.
let turn: Promise<unknown> = Promise.resolve();

function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
	const mine = turn.then(work);
	turn = mine.catch(() => undefined);
	return mine;
}

/** How many pages a PDF has; 0 when it cannot be shown. */
async function countPages(bytes: Uint8Array): Promise<number> {
	return (await inTurn(() => read(bytes, null))).pages;
}

// Pictures are kept in memory only, so that they are gone with a withdrawn file or an ended process.
const cached = new Map<string, Promise<SlidePicture | null>>();
const sizes = new Map<string, number>();

/**
 * A page as a picture, made once for all readers while it is cached; null when it cannot be made. `load` fetches the
 * PDF.
 */
export function slidePicture(version: string, page: number, load: Load): Promise<SlidePicture | null> {
	const key = `${version}/${page}`;
	const found = cached.get(key) ?? inTurn(() => draw(key, page, load));
	// The most recently used one is evicted last.
	cached.delete(key);
	cached.set(key, found);
	return found;
}

async function draw(key: string, page: number, load: Load): Promise<SlidePicture | null> {
	const bytes = await load().catch(() => null);
	const picture = bytes && (await read(bytes, page)).picture;
	if (!picture) {
		cached.delete(key);
		return null;
	}
	sizes.set(key, picture.length);
	drop();
	return { bytes: picture, tag: `"${createHash('sha256').update(picture).digest('base64url').slice(0, 22)}"` };
}

function drop(): void {
	let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
	for (const key of cached.keys()) {
		if (total <= mostKept) return;
		total -= sizes.get(key) ?? 0;
		sizes.delete(key);
		cached.delete(key);
	}
}

/** The file of a page, if this person (null: signed out) may see it now; null otherwise. */
export async function slideObject(
	person: string | null,
	run: string,
	version: string,
	page: number
): Promise<string | null> {
	const rows = await callPrivate('slide_object', [person, run, version, page]);
	return rows[0]?.slide_object ?? null;
}

/** Opens the chosen file, so that its pages can be shown. False when it cannot be opened. */
export async function openSlides(run: string, version: string, load: Load): Promise<boolean> {
	const bytes = await load().catch(() => null);
	const pages = bytes ? await countPages(bytes) : 0;
	await callPrivate('save_slide_pages', [run, version, pages > 0 && pages <= 2000 ? pages : null]);
	const isOpen = pages > 0 && pages <= 2000;
	// The first page is ready when the first reader requests it.
	if (isOpen) void slidePicture(version, 1, load);
	return isOpen;
}
