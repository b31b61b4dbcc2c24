import { m } from '#lib/i18n/messages.ts';
import { taskNames, taskWord, type Task } from '#lib/speakers/tasks.ts';
import { momentWords, pageOf, summitName, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

function lineOf(context: MailContext, { task, due_at }: Pick<Task, 'task' | 'due_at'>): string {
	return due_at === null
		? taskWord(task)
		: m.mail_speaker_task({ task: taskWord(task), until: momentWords(context, due_at) });
}

/** The open tasks of a speaker; to them, or to their assistant. It names neither people nor sessions. */
export function speakerReminder(context: MailContext): Letter {
	const { tasks, acts } = context.params;
	const summit = summitName(context);
	const open = (Array.isArray(tasks) ? (tasks as Pick<Task, 'task' | 'due_at'>[]) : []).filter(({ task }) =>
		taskNames.includes(task)
	);
	return {
		subject: m.mail_speaker_subject({ summit }),
		parts: [
			paragraph(acts === true ? m.mail_speaker_acts_body() : m.mail_speaker_body()),
			...(open.length > 0 ? [paragraph(open.map((task) => lineOf(context, task)).join('\n'))] : []),
			{ kind: 'action', label: m.mail_action_speaking(), url: pageOf(context, '/speak') }
		],
		foot: [m.mail_why_speaking({ summit }), m.mail_talk({ url: pageOf(context, '/talk') })]
	};
}
