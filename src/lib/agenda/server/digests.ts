import { callPrivate } from '#lib/database/server/pool.ts';
import type { Duty } from '#lib/live/server/duties.ts';

const task = 'send_digests';
// Each part is a transaction of its own, so that whoever publishes has their turn in between.
const part = 100;

async function sendDigests(): Promise<void> {
	for (let sent = part; sent >= part;) {
		const [answer] = await callPrivate<{ send_digests: number }>('send_digests', [part]);
		sent = answer?.send_digests ?? 0;
	}
}

/** Tells people of changed sessions: each minute what is due, and at once what changed on the day. */
export function digestDuties(): Duty[] {
	return [
		{
			task,
			eachMinute: true,
			work: sendDigests,
			wokenBy: { kind: 'digest', jobs: () => Promise.resolve([{ task, id: 'due', priority: 0 }]) }
		}
	];
}
