import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const longestMs = 20_000;
const largestHeapMb = 512;

// Text, because a bundle has no separate file to start a worker from; it imports our source, which is beside the
// bundle.
const source = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData.module)
	.then((module) => parentPort.postMessage({ result: module[workerData.name](...workerData.values) }))
	.catch(() => parentPort.postMessage({}));
`;

/**
 * Calls a pure function of one of our modules in a separate thread, so that parsing an upload does not block other
 * requests. Null when it throws, takes longer than 20 s or more memory than 512 MB. Values and result are copied.
 */
export function runInWorker<Result>(
	module: `#lib/${string}.ts`,
	name: string,
	values: unknown[]
): Promise<Result | null> {
	const { resolve } = createRequire(import.meta.url);
	const worker = new Worker(source, {
		eval: true,
		// The thread gets no environment, because it needs none of our secrets.
		env: {},
		workerData: { module: pathToFileURL(resolve(module)).href, name, values },
		resourceLimits: { maxOldGenerationSizeMb: largestHeapMb }
	});
	return new Promise<Result | null>((done) => {
		const timer = setTimeout(() => done(null), longestMs);
		worker.once('message', ({ result }: { result?: Result }) => {
			clearTimeout(timer);
			done(result ?? null);
		});
		worker.once('error', () => done(null));
		worker.once('exit', () => done(null));
		timer.unref();
	}).finally(() => void worker.terminate());
}
