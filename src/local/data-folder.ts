/* What a data folder holds, from its own marks. What has data in it is never made again, and never given new secrets. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterFolder } from './postgres-files.ts';
import { clearLeftovers, readNote, writeNote } from './processes.ts';

/** Written when the database of a folder is whole. */
interface Marker {
	sample: boolean;
	madeAt: string;
}

/** A folder without a database, one whose first start was ended before it had made one, or one with a whole database. */
type DataFolder = { state: 'new' } | { state: 'unfinished' } | { state: 'complete'; marker: Marker };

const path = (dataFolder: string) => ({
	complete: join(dataFolder, 'complete.json'),
	making: join(dataFolder, 'making.json'),
	restoring: join(dataFolder, 'restoring.json'),
	files: join(dataFolder, 'files'),
	secrets: join(dataFolder, 'secrets.json'),
	database: clusterFolder(dataFolder).folder
});

/** Looks at the folder. Throws a sentence for people when a part is missing that belongs to a whole one. */
export function inspectDataFolder(dataFolder: string): DataFolder {
	const { complete, making, restoring, secrets, database } = path(dataFolder);
	if (existsSync(restoring))
		throw new Error(
			`A restore into ${dataFolder} did not end: give its command again, or drop what it made with \`npm run reset\`. This start touches nothing.`
		);
	const hasDatabase = existsSync(database);
	if (!existsSync(complete)) {
		if (existsSync(making)) return { state: 'unfinished' };
		if (!hasDatabase) return { state: 'new' };
		throw new Error(
			`${complete} is missing, but there is a database in ${database}: this start touches nothing. Put the file back from your copy of the folder, or move the folder away to begin with an empty one.`
		);
	}
	if (!existsSync(join(database, 'PG_VERSION')))
		throw new Error(
			`${complete} says that this folder has a database, but there is none in ${database}: this start touches nothing. Put it there from your copy, or move ${dataFolder} away to begin with an empty one.`
		);
	if (!existsSync(secrets))
		throw new Error(
			`${secrets} is missing: without it the database opens for nobody, and what is sealed in it is lost. This start touches nothing. Put the file back from your copy of the folder, or move ${dataFolder} away to begin with an empty one.`
		);
	return { state: 'complete', marker: readJson(complete) as Marker };
}

/** Reads one of the folder's files; one that is cut off is named. */
export function readJson(file: string): unknown {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		throw new Error(`${file} cannot be read: put it back from your copy of the folder. This start touches nothing.`);
	}
}

/** Notes that a database is being made: only such a folder may be made again when it was not finished. */
export function noteMaking(dataFolder: string): void {
	const { making, database } = path(dataFolder);
	if (existsSync(making)) rmSync(database, { recursive: true, force: true });
	writeFileSync(making, JSON.stringify({ since: new Date().toISOString() }));
}

/** Notes that a backup is restored into this folder, which nothing starts on until that has ended. Throws when it holds data. */
export function noteRestoring(dataFolder: string): void {
	const { complete, making, restoring, secrets, files, database } = path(dataFolder);
	if (existsSync(restoring)) {
		// What an ended restore left half made is made again.
		for (const made of [database, files, secrets]) rmSync(made, { recursive: true, force: true });
		return;
	}
	const found = [complete, making, secrets, database, files].find((part) => existsSync(part));
	if (found)
		throw new Error(
			`${dataFolder} holds data already (${found}). A restore goes into an empty folder: give another DATA_DIR, or move this one away.`
		);
	mkdirSync(dataFolder, { recursive: true });
	writeFileSync(restoring, JSON.stringify({ since: new Date().toISOString() }));
}

/** Notes that a restore has ended, and the database is whole. */
export function noteRestored(dataFolder: string, sample: boolean): void {
	noteComplete(dataFolder, sample);
	rmSync(path(dataFolder).restoring, { force: true });
}

/** Notes that the database is whole. */
export function noteComplete(dataFolder: string, sample: boolean): void {
	const { complete, making } = path(dataFolder);
	writeFileSync(complete, JSON.stringify({ sample, madeAt: new Date().toISOString() } satisfies Marker));
	rmSync(making, { force: true });
}

/**
 * Keeps others away from a data folder, and ends what a killed process has left running there. `by`: the address, or the command in
 * backticks. Throws a sentence for people when another process has it.
 */
export function claimDataFolder(dataFolder: string, by: string): { release: () => void; cleared: string[] } {
	const runFolder = join(dataFolder, 'run');
	const file = join(runFolder, 'stack.json');
	const other = readNote(file);
	if (other && other.pid !== process.pid)
		throw new Error(
			`${dataFolder} is in use by ${String(other.origin)} (process ${other.pid}). Stop it first, or give another DATA_DIR.`
		);
	const cleared = clearLeftovers(runFolder, ['stack']);
	writeNote(runFolder, 'stack', process.pid, { origin: by });
	return { release: () => rmSync(file, { force: true }), cleared };
}

/** Whether a process has the folder. */
export const isClaimed = (dataFolder: string): boolean => readNote(join(dataFolder, 'run', 'stack.json')) !== undefined;
