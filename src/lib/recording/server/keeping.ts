import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { callPrivate } from '#lib/database/server/pool.ts';
import { onDrain } from '#lib/live/server/drain.ts';
import { subscribe } from '#lib/live/server/listener.ts';
import { hasEgress, recordsWith } from './choice.ts';
import { Copying } from './copying.ts';
import { syncEgresses, recordByEgress } from './egress-keeping.ts';
import { openHeadless, recorderBrowser, type Headless } from './browser.ts';
import { finishRecording, type Store } from './finishing.ts';
import { LanguageFiles } from './language-files.ts';
import { newKey } from './recorder.ts';
import { Trimming } from './trimming.ts';

/** The resources with which this process records. */
interface Means {
	/** The address of this site, without a path. */
	origin: string;
	store: Store;
	/** Receives the code of each failure. */
	report: (what: { task: string; code: string }) => void;
}

const every = 2000;
// A video of this size takes most of a core.
const most = () => Number(process.env['RECORDERS'] ?? 2);
// Egress runs on other machines.
const mostByEgress = 1000;
// Time to send the last piece, once there is nothing more to record.
const graceMs = 6000;

/** Makes recordings follow the database, for as long as this process lives. */
export class RecordingJob {
	readonly #id = randomUUID();
	readonly #means: Means;
	readonly #browsers = new Map<string, Headless>();
	readonly #leaving = new Set<string>();
	readonly #finishing = new Set<string>();
	readonly #copying: Copying;
	readonly #trimming: Trimming;
	readonly #languages: LanguageFiles;
	#fetching: Promise<void> | null = null;

	constructor(means: Means) {
		this.#means = means;
		this.#copying = new Copying(this.#id, means.store, (code) => means.report({ task: 'copy_recording', code }));
		this.#trimming = new Trimming(this.#id, means.store, (code) => means.report({ task: 'trim_recording', code }));
		this.#languages = new LanguageFiles(this.#id, means.store, (code) =>
			means.report({ task: 'join_recording_language', code })
		);
	}

	/** Compares once. */
	async round(): Promise<void> {
		await this.#languages.round();
		await this.#trimming.round();
		await this.#copying.round();
		const means = recordsWith();
		const held = means
			? await callPrivate('claim_recorders', [this.#id, means === 'egress' ? mostByEgress : most()])
			: [];
		for (const { recording, is_new } of held)
			if (means === 'egress') await recordByEgress(recording, this.#means.origin);
			else await this.#open(recorderBrowser() ?? '', recording, is_new);
		if (hasEgress()) await this.#keepEgresses();
		const wanted = new Set(held.map(({ recording }) => recording));
		for (const recording of this.#browsers.keys()) if (!wanted.has(recording)) this.#leave(recording);
		await callPrivate('watch_recordings');
		const over = await callPrivate('claim_recordings_to_finish', [this.#id]);
		for (const { claim_recordings_to_finish } of over) this.#finish(claim_recordings_to_finish);
	}

	// Fetching a file of an hour takes a while; the others continue meanwhile.
	#keepEgresses(): Promise<void> {
		if (this.#fetching) return Promise.resolve();
		const work = syncEgresses(this.#means.origin, this.#means.store).finally(() => (this.#fetching = null));
		this.#fetching = work;
		return Promise.race([work, pause(5000, undefined, { ref: false })]);
	}

	/** Releases everything; another process takes over. */
	async end(): Promise<void> {
		const all = [...this.#browsers];
		this.#browsers.clear();
		await Promise.all([
			this.#copying.end(),
			this.#trimming.end(),
			this.#languages.end(),
			...all.map(async ([recording, browser]) => {
				await browser.end();
				await callPrivate('release_recorder', [recording, this.#id]).catch(() => undefined);
			})
		]);
	}

	async #open(path: string, recording: string, isNew: boolean): Promise<void> {
		const before = this.#browsers.get(recording);
		if (before && !before.hasEnded && !isNew) return;
		// A recorder that died or sends nothing is started again, with a new key.
		await before?.end();
		const key = await newKey(recording);
		this.#browsers.set(recording, openHeadless(path, `${this.#means.origin}/live/recorder/${key}`));
	}

	#leave(recording: string): void {
		if (this.#leaving.has(recording)) return;
		this.#leaving.add(recording);
		const browser = this.#browsers.get(recording);
		setTimeout(() => {
			this.#leaving.delete(recording);
			// Another one may have started in the meantime.
			if (this.#browsers.get(recording) === browser) this.#browsers.delete(recording);
			void browser
				?.end()
				.then(() => callPrivate('release_recorder', [recording, this.#id]))
				.catch(() => undefined);
		}, graceMs).unref();
	}

	#finish(recording: string): void {
		if (this.#finishing.has(recording)) return;
		this.#finishing.add(recording);
		finishRecording(recording, this.#means.store)
			.catch((error: unknown) => {
				const code = error instanceof Error ? error.name : 'unknown';
				this.#means.report({ task: 'finish_recording', code });
			})
			.finally(() => this.#finishing.delete(recording));
	}
}

let started = false;
const kinds = new Set(['recording', 'run', 'stage']);

/** Records in this process, if there is a Chromium, and monitors the recorders of others. */
export function startRecordingJob(means: Means): void {
	if (started || !(process.env['APP_DATABASE_URL'] ?? process.env['DATABASE_URL'])) return;
	started = true;
	const keeping = new RecordingJob(means);
	let isAway = false;
	let turn: Promise<void> | undefined;
	const look = () =>
		(turn ??= keeping
			.round()
			.then(
				() => void (isAway = false),
				(error: unknown) => {
					if (!isAway) means.report({ task: 'keep_recordings', code: error instanceof Error ? error.name : 'unknown' });
					isAway = true;
				}
			)
			.finally(() => (turn = undefined)));
	const timer = setInterval(() => void look(), every).unref();
	const stop = subscribe({
		onEvent: ({ topic, kind }) => {
			if (topic.startsWith('session:') && kinds.has(kind)) void look();
		},
		resync: () => undefined
	});
	let hasEnded = false;
	const end = () => {
		if (hasEnded) return;
		hasEnded = true;
		clearInterval(timer);
		stop();
		void keeping.end();
	};
	// Another process takes the recordings over while this one still serves.
	onDrain(end);
	process.once('sveltekit:shutdown', end);
}
