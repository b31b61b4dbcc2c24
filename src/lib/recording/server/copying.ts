import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FilePathSource, Input, MP4 } from 'mediabunny';
import { callPrivate } from '#lib/database/server/pool.ts';
import { convertToMp4, findFfmpeg } from './ffmpeg.ts';
import type { Store } from './finishing.ts';
import { download, HeldJob } from './held-job.ts';

/** Why a try failed; the database stores the last reason. */
type Failure = 'gone' | 'ffmpeg' | 'too_slow' | 'too_short' | 'store';

interface Claim {
	recording: string;
	object: string;
	length_ms: number;
}

// At the lowest priority it may wait for others most of the time.
const timeLimit = (lengthMs: number) => 5 * 60_000 + 4 * lengthMs;

async function lengthOf(path: string): Promise<number> {
	const input = new Input({ formats: [MP4], source: new FilePathSource(path) });
	try {
		return (await input.computeDuration()) * 1000;
	} finally {
		input.dispose();
	}
}

/** Makes MP4 copies of finished WebM recordings, one at a time, if this machine has an ffmpeg. */
export class Copying extends HeldJob<Claim, Failure> {
	readonly #process: string;
	readonly #store: Store;

	constructor(process: string, store: Store, report: (code: Failure) => void) {
		super({
			claim: async () => (findFfmpeg() ? (await callPrivate('claim_recording_copy', [process]))[0] : undefined),
			hold: async ({ recording }) =>
				(await callPrivate('hold_recording_copy', [recording, process]))[0]?.hold_recording_copy === true,
			make: (claim, stop) => this.#make(claim, stop),
			fail: ({ recording }, reason) => callPrivate('fail_recording_copy', [recording, process, reason]),
			report
		});
		this.#process = process;
		this.#store = store;
	}

	async #make({ recording, object, length_ms }: Claim, stop: AbortSignal): Promise<Failure | null> {
		const ffmpeg = findFfmpeg();
		if (!ffmpeg) return 'ffmpeg';
		const folder = await mkdtemp(join(await this.#store.folder(), 'copy-'));
		try {
			const [from, to] = [join(folder, 'whole.webm'), join(folder, 'whole.mp4')];
			const bytes = await this.#store.open(object);
			if (!bytes) return 'gone';
			await download(bytes, from, stop);
			const late = AbortSignal.timeout(timeLimit(length_ms));
			const isMade = await convertToMp4(ffmpeg, from, to, AbortSignal.any([stop, late]));
			if (!isMade) return late.aborted ? 'too_slow' : 'ffmpeg';
			if ((await lengthOf(to).catch(() => 0)) < length_ms - 1000) return 'too_short';
			await this.#keep(recording, to);
			return null;
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	}

	async #keep(recording: string, path: string): Promise<void> {
		const copy = await this.#store.put(path, 'video/mp4');
		const rows = await callPrivate('finish_recording_copy', [recording, this.#process, copy]);
		// Sealed in the meantime.
		if (!rows[0]?.finish_recording_copy) await this.#store.abandon(copy);
	}
}
