import { setTimeout as pause } from 'node:timers/promises';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { AddJobs, Job, QueuedJob } from '#lib/live/server/jobs.ts';

interface Due {
	run: string;
	wait_ms: number;
}

const task = 'run_session_timers';
// The worker looks for jobs every five seconds, so a job starts early and waits for its time.
const early = 6000;

const turn = () => callPrivate('run_session_timers');
const later = ({ run, wait_ms }: Due): QueuedJob => ({ task, id: run, runAt: new Date(Date.now() + wait_ms - early) });

async function work(id: string | null, add: AddJobs): Promise<void> {
	const coming = await turn();
	const mine = coming.find(({ run, wait_ms }) => run === id && wait_ms <= early);
	await add(coming.filter((due) => due !== mine).map(later));
	if (!mine) return;
	await pause(mine.wait_ms + 5, undefined, { ref: false });
	await turn();
}

/** Sessions that begin or end automatically: checked each minute, and to the second when one is due. */
export function stageJobs(): Job[] {
	return [
		{
			task,
			everyMinute: true,
			run: work,
			trigger: { kind: 'run_clock', run: (ids, add) => add(ids.map((id) => ({ task, id }))) }
		}
	];
}
