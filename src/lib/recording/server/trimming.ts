import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { callPrivate } from '#lib/database/server/pool.ts';
import { cutFile, type Cut } from './cutting.ts';
import { isDiskError } from './disk-errors.ts';
import type { Store } from './finishing.ts';
import { download, HeldJob } from './held-job.ts';
import { cutSound } from './language-joining.ts';

/** Why a try failed; the database stores the last reason. */
type Failure = 'gone' | 'no_picture' | 'unreadable' | 'store';

interface Claim {
	recording: string;
	object: string;
	media_type: string;
	from_ms: number;
	until_ms: number;
}

// A shorter file is none that somebody would watch. Milliseconds.
const shortest = 1000;

/** Why nothing was cut. */
export function whyNotCut(error: unknown): 'store' | 'unreadable' {
	return isDiskError(error) ? 'store' : 'unreadable';
}

/** Cuts recordings that organisers trimmed, one at a time. The file before the cut stays in the store. */
export class Trimming extends HeldJob<Claim, Failure> {
	readonly #process: string;
	readonly #store: Store;

	constructor(process: string, store: Store, report: (code: Failure) => void) {
		super({
			claim: async () => (await callPrivate('claim_recording_trim', [process]))[0],
			hold: async ({ recording }) =>
				(await callPrivate('hold_recording_trim', [recording, process]))[0]?.hold_recording_trim === true,
			make: (claim, stop) => this.#make(claim, stop),
			fail: ({ recording }, reason) => callPrivate('fail_recording_trim', [recording, process, reason]),
			report
		});
		this.#process = process;
		this.#store = store;
	}

	async #make(claim: Claim, stop: AbortSignal): Promise<Failure | null> {
		const folder = await mkdtemp(join(await this.#store.folder(), 'trim-'));
		try {
			const [from, to] = [join(folder, 'whole'), join(folder, 'cut')];
			const bytes = await this.#store.open(claim.object);
			if (!bytes) return 'gone';
			await download(bytes, from, stop);
			const span = { from: claim.from_ms, until: claim.until_ms };
			const cut = await cutFile(from, to, span, stop).catch(whyNotCut);
			if (typeof cut === 'string') return cut;
			// The file begins later than was asked, and so little may be left.
			if (!cut || cut.length < shortest) return 'no_picture';
			const languages = await this.#cutLanguages(claim.recording, cut, folder, stop);
			await this.#keep(claim, to, cut, languages);
			return null;
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	}

	// The same span of the sound of each language. One that cannot be cut is left out, and the picture is cut all the same.
	async #cutLanguages(
		recording: string,
		{ from, length }: Cut,
		folder: string,
		stop: AbortSignal
	): Promise<Map<string, string>> {
		const cut = new Map<string, string>();
		for (const { language, object } of await callPrivate('list_languages_to_cut', [recording])) {
			const [whole, path] = [join(folder, `${cut.size}.whole`), join(folder, `${cut.size}.cut`)];
			try {
				const bytes = await this.#store.open(object);
				if (!bytes) continue;
				await download(bytes, whole, stop);
				await cutSound(whole, path, { from, until: from + length }, stop);
				cut.set(language, path);
			} catch (error) {
				if (stop.aborted) throw error;
			}
		}
		return cut;
	}

	async #keep(
		{ recording, media_type }: Claim,
		path: string,
		{ from, length }: Cut,
		languages: ReadonlyMap<string, string>
	): Promise<void> {
		const object = await this.#store.put(path, media_type);
		const sounds: Record<string, string> = {};
		for (const [language, sound] of languages) sounds[language] = await this.#store.put(sound, 'audio/webm');
		const rows = await callPrivate('finish_recording_trim', [
			recording,
			this.#process,
			object,
			from,
			length,
			JSON.stringify(sounds)
		]);
		// Sealed or undone in the meantime.
		if (!rows[0]?.finish_recording_trim)
			for (const unused of [object, ...Object.values(sounds)]) await this.#store.abandon(unused);
	}
}
