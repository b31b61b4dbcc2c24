import { ask } from '#lib/database/server/ask.ts';
import type { MailList, MailState } from '#lib/mail/mailbox.ts';
import type { SupabaseClient } from '@supabase/supabase-js';

/** A Summit's mails of one state, newest first; null for whoever may not see them. */
export async function listMail(
	client: SupabaseClient,
	summit: string,
	state: MailState,
	limit: number,
	offset: number
): Promise<MailList | null> {
	const answer = await ask<MailList & { status: string }>(client, 'list_mail', {
		summit,
		state,
		row_limit: limit,
		row_offset: offset
	});
	return answer.status === 'ok' ? answer : null;
}

/** Sends a dead mail again. */
export async function retryMail(client: SupabaseClient, mail: string): Promise<'ok' | 'not_allowed' | 'wrong_state'> {
	return ask(client, 'retry_mail', { mail });
}

/** Sends every dead mail of a Summit again; how many. */
export async function retryDeadMail(client: SupabaseClient, summit: string): Promise<number> {
	return ask(client, 'retry_dead_mail', { summit });
}
