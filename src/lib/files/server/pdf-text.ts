import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

const timeoutMs = 20_000;
const mostPages = 300;
const mostLetters = 200_000;

// Text, because a bundle has no separate file to start a worker from.
const source = `
const { parentPort, workerData } = require('node:worker_threads');
const { PDFiumLibrary } = require(workerData.pdfium);
(async () => {
	const library = await PDFiumLibrary.init();
	const document = await library.loadDocument(workerData.bytes);
	const parts = [];
	let letters = 0;
	const pages = Math.min(document.getPageCount(), workerData.mostPages);
	for (let number = 0; number < pages && letters < workerData.mostLetters; number++) {
		const text = document.getPage(number).getText();
		letters += text.length;
		parts.push(text);
	}
	parentPort.postMessage(parts.join('\\n'));
})().catch(() => parentPort.postMessage(''));
`;

/** The text of a PDF on the disk, for a search: at most 200,000 letters of its first 300 pages; '' when it has none. */
export async function textOfPdf(path: string): Promise<string> {
	const { resolve } = createRequire(import.meta.url);
	const worker = new Worker(source, {
		eval: true,
		// The thread gets no environment, because it needs none of our secrets.
		env: {},
		workerData: { bytes: await readFile(path), mostPages, mostLetters, pdfium: resolve('@hyzyla/pdfium') },
		resourceLimits: { maxOldGenerationSizeMb: 512 }
	});
	const text = await new Promise<string>((done) => {
		const timer = setTimeout(() => done(''), timeoutMs);
		worker.once('message', (found: string) => done(found));
		worker.once('error', () => done(''));
		worker.once('exit', () => done(''));
		timer.unref();
	}).finally(() => void worker.terminate());
	// Postgres stores no NUL, and half a surrogate pair is no text.
	return text.slice(0, mostLetters).replaceAll('\0', ' ').toWellFormed();
}
