/* Which backups are kept, and the deletion of the others with the files that only they name. */
import { files, listBackups, momentOf } from './manifest.ts';
import { objectPath, readStoredObjects } from './objects.ts';
import type { BackupPlace } from './place.ts';

/** For how many days, weeks and months the last backup is kept. */
export interface Keep {
	days: number;
	weeks: number;
	months: number;
}

/** Reads BACKUP_KEEP: days,weeks,months. Throws a sentence for people. */
export function readKeep(setting: string | undefined): Keep {
	const [days, weeks, months, ...more] = (setting || '7,4,12').split(',').map((part) => Number(part.trim() || NaN));
	const isCount = (count: number | undefined): count is number => Number.isInteger(count) && (count ?? -1) >= 0;
	if (!isCount(days) || !isCount(weeks) || !isCount(months) || more.length > 0 || days + weeks + months === 0)
		throw new Error(
			'BACKUP_KEEP is not in its form: how many daily, weekly and monthly backups are kept, such as 7,4,12.'
		);
	return { days, weeks, months };
}

const day = 86_400_000;
// Weeks begin on Monday; the first of January 1970 was a Thursday.
const periods: Record<keyof Keep, (moment: Date) => string> = {
	days: (moment) => moment.toISOString().slice(0, 10),
	weeks: (moment) => String(Math.floor((moment.getTime() / day + 3) / 7)),
	months: (moment) => moment.toISOString().slice(0, 7)
};

/** The names of the backups to keep: the newest of each of the last days, weeks and months that have one, and the newest of all. */
export function chooseKept(names: readonly string[], keep: Keep): Set<string> {
	const newestFirst = [...names].sort().reverse();
	const kept = new Set(newestFirst.slice(0, 1));
	for (const [unit, periodOf] of Object.entries(periods)) {
		const seen = new Set<string>();
		for (const name of newestFirst) {
			const period = periodOf(momentOf(name));
			if (seen.has(period)) continue;
			if (seen.size === keep[unit as keyof Keep]) break;
			seen.add(period);
			kept.add(name);
		}
	}
	return kept;
}

/** Deletes what is not kept. Only while no backup is being made. Answers the names of the backups and the number of files that were deleted. */
export async function rotate(place: BackupPlace, keep: Keep): Promise<{ dropped: string[]; files: number }> {
	const { whole, unfinished } = await listBackups(place);
	const kept = chooseKept(whole, keep);
	const dropped = whole.filter((name) => !kept.has(name));
	// Read before anything is deleted: with one that cannot be read, nothing is.
	const named = await namedObjects(place, kept);
	// Its manifest goes first: what is left of it after a kill is no backup.
	await place.remove(dropped.map((name) => `${name}/${files.manifest}`));
	await place.remove([...dropped, ...unfinished].map((name) => `${name}/`));
	let count = 0;
	// Folders that no backup made belong to others.
	for (const folder of (await place.list('objects/')).filter((each) => /^[0-9a-f]{16}\/$/.test(each)))
		for (const letters of await place.list(`objects/${folder}`)) {
			const below = `objects/${folder}${letters}`;
			const unnamed = (await place.list(below)).map((file) => `${below}${file}`).filter((path) => !named.has(path));
			await place.remove(unnamed);
			count += unnamed.length;
		}
	return { dropped, files: count };
}

async function namedObjects(place: BackupPlace, names: Iterable<string>): Promise<Set<string>> {
	const named = new Set<string>();
	for (const name of names) {
		const { folder, objects } = await readStoredObjects(place, name);
		for (const object of objects) named.add(objectPath(folder, object.name));
	}
	return named;
}
