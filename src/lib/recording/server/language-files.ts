import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { callPrivate } from '#lib/database/server/pool.ts';
import { joinPieces, type Store } from './finishing.ts';
import { download, HeldJob } from './held-job.ts';
import { joinLanguage, type LanguagePart, type Silenced } from './language-joining.ts';
import { whyNotCut } from './trimming.ts';

/** Why a try failed; the database stores the last reason. */
type Failure = 'gone' | 'unreadable' | 'store';

interface Claim {
	recording: string;
	language: string;
	/** Made of the recorder's pieces; else made again without voices that were withdrawn. */
	is_new: boolean;
}

/** The picture of a recording on the disk, and the parts of the language that belong to it. */
interface Work {
	picture: string;
	parts: LanguagePart[];
	silenced: Silenced[];
}

/** Makes the sound of each language of a recording, one at a time: as long as the picture, and without voices that may not be in it. */
export class LanguageFiles extends HeldJob<Claim, Failure> {
	readonly #process: string;
	readonly #store: Store;

	constructor(process: string, store: Store, report: (code: Failure) => void) {
		super({
			claim: async () => (await callPrivate('claim_recording_language', [process]))[0],
			hold: async ({ recording, language }) =>
				(await callPrivate('hold_recording_language', [recording, language, process]))[0]?.hold_recording_language ===
				true,
			make: (claim, stop) => this.#make(claim, stop),
			fail: ({ recording, language }, reason) =>
				callPrivate('fail_recording_language', [recording, language, process, reason]),
			report
		});
		this.#process = process;
		this.#store = store;
	}

	async #make(claim: Claim, stop: AbortSignal): Promise<Failure | null> {
		const folder = await mkdtemp(join(await this.#store.folder(), 'language-'));
		const made: Record<'file' | 'whole', string | null> = { file: null, whole: null };
		let missing: number | null = null;
		try {
			const files = await callPrivate('list_language_files', [claim.recording, claim.language]);
			for (const { is_whole, picture, sound, starts_ms } of files) {
				// What could not be cut has no sound to make again.
				if (!claim.is_new && !sound) continue;
				const name = is_whole ? 'whole' : 'file';
				const work = await this.#open(claim, { name, picture, sound, starts: starts_ms }, folder, stop);
				if (!work) return 'gone';
				const path = join(folder, `${name}-joined.webm`);
				const joined = await joinLanguage(work.picture, work.parts, work.silenced, path, stop).catch(whyNotCut);
				if (typeof joined === 'string') return joined;
				if (claim.is_new) missing = joined.missing;
				made[name] = await this.#store.put(path, 'audio/webm');
			}
			const [row] = await callPrivate('finish_recording_language', [
				claim.recording,
				claim.language,
				this.#process,
				made.file,
				made.whole,
				missing
			]);
			if (row?.finish_recording_language) made.file = made.whole = null;
			return null;
		} finally {
			// Sealed or cut in the meantime, or not finished.
			for (const object of [made.file, made.whole]) if (object) await this.#store.abandon(object);
			await rm(folder, { recursive: true, force: true });
		}
	}

	async #open(
		{ recording, language, is_new }: Claim,
		file: { name: string; picture: string | null; sound: string | null; starts: number },
		folder: string,
		stop: AbortSignal
	): Promise<Work | null> {
		const bytes = file.picture && (await this.#store.open(file.picture));
		if (!bytes) return null;
		const picture = join(folder, `${file.name}-picture.webm`);
		await download(bytes, picture, stop);
		const leaving = await callPrivate('list_leaving_voices', [recording, language]);
		const silenced = leaving.map(({ from_ms, until_ms }) => ({
			from: from_ms - file.starts,
			until: until_ms - file.starts
		}));
		if (is_new) return { picture, parts: await this.#joinPieces(recording, language, file.starts, folder), silenced };
		const sound = file.sound && (await this.#store.open(file.sound));
		if (!sound) return null;
		const path = join(folder, `${file.name}-sound.webm`);
		await download(sound, path, stop);
		return { picture, parts: [{ path, begins: 0, ends: Infinity }], silenced };
	}

	async #joinPieces(recording: string, language: string, starts: number, folder: string): Promise<LanguagePart[]> {
		const pieces = await callPrivate('list_language_chunks', [recording, language]);
		const files = await joinPieces(
			this.#store,
			pieces.map(({ part, length_ms, object }) => ({ part, most_ms: length_ms, object })),
			folder
		);
		return files.flatMap(({ number, path }) => {
			const piece = pieces.find(({ part }) => part === number);
			if (!piece) return [];
			const before = piece.before_ms - starts;
			return [{ path, begins: before + piece.starts_ms, ends: before + piece.length_ms }];
		});
	}
}
