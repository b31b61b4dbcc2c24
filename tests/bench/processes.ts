import { readFileSync, readdirSync } from 'node:fs';

// Linux counts in hundredths of a second.
const tick = 10;

/** A process with all its running descendants: the id of each, and its processor time in milliseconds since it began. */
export function processesUnder(root: number): { pid: number; spent: number }[] {
	const parents = new Map<number, number>();
	const spent = new Map<number, number>();
	for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
		try {
			const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
			const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			parents.set(Number(name), Number(fields[1]));
			spent.set(Number(name), (Number(fields[11]) + Number(fields[12])) * tick);
		} catch {
			// It has ended meanwhile.
		}
	}
	const isUnder = (pid: number | undefined): boolean =>
		Boolean(pid) && (pid === root || isUnder(parents.get(pid ?? 0)));
	return [...spent].filter(([pid]) => isUnder(pid)).map(([pid, time]) => ({ pid, spent: time }));
}

/** Processor time that a process and its descendants have spent since `before` (processesUnder), those that ended since left out. */
export function spentSince(root: number, before: { pid: number; spent: number }[]): number {
	const earlier = new Map(before.map(({ pid, spent }) => [pid, spent]));
	return processesUnder(root).reduce((sum, { pid, spent }) => sum + spent - (earlier.get(pid) ?? 0), 0);
}

/** Processor time of a process and all its descendants, in milliseconds since they began. */
export function processorTime(root: number): number {
	return processesUnder(root).reduce((sum, { spent }) => sum + spent, 0);
}
