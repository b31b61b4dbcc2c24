import { rpc } from '#lib/database/server/rpc.ts';
import type { MailList, MailState } from '#lib/mail/mailbox.ts';
import type { DataClient } from '#lib/database/client.ts';

/** A Summit's mails of one state, newest first; null for readers who may not see them. */
export async function listMail(
	client: DataClient,
	summit: string,
	state: MailState,
	limit: number,
	offset: number
): Promise<MailList | null> {
	const answer = await rpc(client, 'list_mail', {
		summit,
		state,
		row_limit: limit,
		row_offset: offset
	});
	return answer.status === 'ok' ? answer : null;
}

/** Sends a dead mail again. */
export async function retryMail(client: DataClient, mail: string) {
	return rpc(client, 'retry_mail', { mail });
}

/** Sends every dead mail of a Summit again; answers how many. */
export async function retryDeadMail(client: DataClient, summit: string): Promise<number> {
	return rpc(client, 'retry_dead_mail', { summit });
}
