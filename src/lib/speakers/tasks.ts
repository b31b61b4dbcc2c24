/* The tasks of each speaker, and the open ones. No I/O. */
import { m } from '#lib/i18n/messages.ts';
import type { Principal, Task } from '#lib/database/answers/speakers/work.ts';

export type { Principal, Task } from '#lib/database/answers/speakers/work.ts';

export const taskNames = [
	'answer',
	'profile',
	'texts',
	'slides',
	'consents',
	'availability',
	'languages',
	'check'
] as const;

/** A task in words. */
export function taskWord(task: Task['task']): string {
	return {
		answer: m.speakers_task_answer,
		profile: m.speakers_task_profile,
		texts: m.speakers_task_texts,
		slides: m.speakers_task_slides,
		consents: m.speakers_task_consents,
		availability: m.speakers_task_availability,
		languages: m.speakers_task_languages,
		check: m.speakers_task_check
	}[task]();
}

/** Where a task is done, under the Summit's address; tasks of a session are on the page itself. */
export function taskPath(task: Task, principal: Pick<Principal, 'id' | 'is_own'>): string {
	const whose = principal.is_own ? '' : `?for=${principal.id}`;
	switch (task.task) {
		case 'profile':
			return `/speak/profile${whose}`;
		case 'availability':
		case 'languages':
			return `/speak/availability${whose}`;
		case 'check':
			return '/speak/check';
		case 'texts':
			return `/speak/${task.participation_id}/texts`;
		case 'slides':
			return `/speak/${task.participation_id}/files`;
		default:
			return `/speak#p-${task.participation_id}`;
	}
}

/** The open tasks: by deadline, then in a sensible order. */
export function openTasks(principal: Principal): Task[] {
	const open = principal.tasks.filter(
		// An assistant cannot test the speaker's camera.
		({ is_done, task }) => !is_done && (task !== 'check' || principal.is_own)
	);
	const rank = (task: Task) => taskNames.indexOf(task.task);
	const due = (task: Task) => (task.due_at === null ? Infinity : Date.parse(task.due_at));
	const isFirst = (task: Task) => Number(task.task !== 'answer');
	return open.sort((a, b) => isFirst(a) - isFirst(b) || compare(due(a), due(b)) || rank(a) - rank(b));
}

function compare(a: number, b: number): number {
	return a === b ? 0 : a < b ? -1 : 1;
}
