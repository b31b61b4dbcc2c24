import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';

const task = 'send_digests';
// Each part is its own transaction, so that an organiser who publishes can proceed in between.
const part = 100;

async function inParts(name: 'send_digests' | 'send_calendars'): Promise<void> {
	for (let sent = part; sent >= part;) {
		const [answer] = await callPrivate(name, [part]);
		sent = Object.values(answer ?? {})[0] ?? 0;
	}
}

// A digest includes its own invitations; then follow calendars that changed for another reason.
async function sendDigests(): Promise<void> {
	await inParts('send_digests');
	await inParts('send_calendars');
}

/** Notifies people and their calendars of changed sessions: each minute what is due, and live changes at once. */
export function digestJobs(): Job[] {
	return [
		{
			task,
			everyMinute: true,
			run: sendDigests,
			trigger: { kind: 'digest', run: (_ids, add) => add([{ task, id: 'due', priority: 0 }]) }
		}
	];
}
