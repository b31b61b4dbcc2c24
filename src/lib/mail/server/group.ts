import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import type { Job } from '#lib/live/server/jobs.ts';
import type { GroupCount, GroupMessage, MessageReader, MailOutcome, PersonOutcome } from '#lib/mail/group.ts';

type Filters = Record<string, string | string[]>;

/** What organisers write of a message. */
export type NewMessage = Pick<GroupMessage, 'texts' | 'original' | 'page'> & { filters: Filters };

/** The number of recipients for these filters; null for readers who may not send. */
export async function countGroup(client: DataClient, summit: string, filters: Filters): Promise<GroupCount | null> {
	const answer = await rpc(client, 'count_group_message_readers', { summit, filters });
	return answer.status === 'ok' ? answer : null;
}

/** The messages of a Summit, newest first, and how many are sent a minute; null for readers who may not send. */
export async function listMessages(
	client: DataClient,
	summit: string,
	message: string | null = null
): Promise<{ per_minute: number; messages: GroupMessage[] } | null> {
	return rpc(client, 'list_group_messages', { summit, message });
}

/** The questions whose answers a message may insert, of its own reader. */
export async function listMailQuestions(
	client: DataClient,
	summit: string
): Promise<{ key: string; label: TextMap }[]> {
	const found = await client
		.from('logistics_fields')
		.select('key, label')
		.eq('summit_id', summit)
		.eq('in_mail', true)
		.is('retired_at', null)
		.order('form', { ascending: false })
		.order('position')
		.order('key');
	if (found.error) throw new Error(`Reading questions was refused (${found.error.code}).`);
	return found.data as { key: string; label: TextMap }[];
}

/** Writes a message, or changes a draft after its version. `form` is the id of a new one: sent twice, it writes one. */
export async function saveMessage(
	client: DataClient,
	summit: string,
	message: NewMessage & { id: string | null; after: number; form?: string }
): Promise<AnswerOf<'save_group_message'>> {
	return rpc(client, 'save_group_message', {
		summit,
		message: message.id,
		after: message.after,
		filters: message.filters,
		texts: message.texts,
		original: message.original,
		page: message.page,
		form: message.form ?? null
	});
}

/** Sends a draft to the people who match at this moment. */
export async function sendMessage(
	client: DataClient,
	message: string,
	{ after, expected, anyway }: { after: number; expected: number; anyway: boolean }
): Promise<AnswerOf<'send_group_message'>> {
	return rpc(client, 'send_group_message', { message, after, expected, anyway });
}

/** Pauses, resumes or cancels a message. */
export async function steerMessage(client: DataClient, message: string, action: 'pause' | 'resume' | 'cancel') {
	return rpc(client, 'control_group_message', { message, action });
}

/** The results of a message, person by person. */
export async function listOutcomes(
	client: DataClient,
	message: string,
	outcome: MailOutcome | null,
	limit: number,
	offset: number
): Promise<PersonOutcome[] | null> {
	return rpc(client, 'list_group_message_outcomes', { message, outcome, row_limit: limit, row_offset: offset });
}

/** The first three readers of a message, and the one with this reference if they are among all of them. */
export async function listReaders(client: DataClient, message: string, reference: string): Promise<MessageReader[]> {
	return (await rpc(client, 'list_group_message_samples', { message, reference })) ?? [];
}

/** Sets how many mails of a message are sent a minute. */
export async function saveRate(client: DataClient, summit: string, rate: number) {
	return rpc(client, 'save_mail_rate', { summit, rate });
}

/** Each minute the next few mails of every message that is being sent. */
export const groupMailJob: Job = {
	task: 'queue_group_messages',
	everyMinute: true,
	run: async () => {
		await callPrivate('queue_group_messages');
	}
};
