/*
 * The record of erasures outside the database: one line for each, with the time and the id of a person. A restored backup
 * does not know the erasures that came after it, so they are carried out again before anything is served.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { callPrivate } from '#lib/database/server/pool.ts';
import { errorCode, type Job, type ReportJobError } from '#lib/live/server/jobs.ts';
import { erasedIn, erasureLogPath } from './erasure-lines.ts';

const retryMs = 1000;

// Several processes may share the file: each write is one append, and an id that is there twice does no harm.
async function append(file: FileHandle, ids: string[], isCutOff: boolean): Promise<void> {
	const at = new Date().toISOString();
	await file.write((isCutOff ? '\n' : '') + ids.map((id) => `${at} ${id}\n`).join(''));
	await file.sync();
}

/**
 * Erases everybody whom the log names and the database still knows, then adds to the log the erasures that it lacks.
 * Answers how many people were erased. Throws when the database cannot be reached, or the file not written.
 */
export async function syncErasures(): Promise<number> {
	const file = await open(erasureLogPath(process.env, process.env['DATA_DIR'] ?? '.data'), 'a+', 0o600);
	try {
		const text = await file.readFile('utf8');
		const logged = erasedIn(text);
		const erased = new Set((await callPrivate('erased_ids')).flatMap((row) => row.person_id ?? []));
		const unknown = [...logged].filter((id) => !erased.has(id));
		for (const id of unknown) await callPrivate('replay_erasure', [id]);
		const unlogged = [...erased].filter((id) => !logged.has(id));
		if (unlogged.length > 0) await append(file, unlogged, text !== '' && !text.endsWith('\n'));
		return unknown.length;
	} finally {
		await file.close();
	}
}

let replayed = false;

/** Whether this process may serve: the database knows every erasure of the log. */
export const areErasuresReplayed = (): boolean => replayed;

/**
 * Tries once before the first request is served, then each second until it succeeds; then calls `begin` with the number of people
 * who were erased. Reports failures.
 */
export async function replayErasures(begin: (count: number) => void, report: ReportJobError): Promise<void> {
	const attempt = async () => {
		const count = await syncErasures().catch((error: unknown) => {
			report({ task: 'replay_erasures', code: errorCode(error) });
			return null;
		});
		if (count === null) return;
		replayed = true;
		begin(count);
	};
	const retry = async () => {
		while (!replayed) {
			await pause(retryMs, undefined, { ref: false });
			await attempt();
		}
	};
	await attempt();
	void retry();
}

const sync = async () => {
	await syncErasures();
};

/** Logs each erasure as soon as it is committed; one that was missed, within a minute. */
export const erasureLogJob: Job = {
	task: 'sync_erasures',
	everyMinute: true,
	run: sync,
	trigger: { kind: 'erasure', run: sync }
};
