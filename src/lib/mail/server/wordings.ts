import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import type { Wording } from '#lib/mail/wording.ts';
import type { WordingVersion } from '#lib/database/answers/mail.ts';

/** Every version of one mail or of all, the newest first; null for readers who may not see them. */
export async function listWordings(
	client: DataClient,
	summit: string,
	template: string | null = null
): Promise<WordingVersion[] | null> {
	return rpc(client, 'list_mail_texts', { summit, template });
}

/** Saves the text of a mail after a version; null: restores the default. */
export async function saveWording(
	client: DataClient,
	summit: string,
	{ template, locale, after }: { template: string; locale: Locale; after: number },
	wording: Wording | null
): Promise<AnswerOf<'save_mail_text'>['status']> {
	const answer = await rpc(client, 'save_mail_text', {
		summit,
		template,
		locale,
		after,
		subject: wording?.subject ?? null,
		body: wording?.body ?? null
	});
	return answer.status;
}

/** Sends the reader a mail with sample data, with this text. */
export async function sendTest(
	client: DataClient,
	summit: string,
	{ template, locale }: { template: string; locale: Locale },
	wording: Wording,
	combination: Record<string, boolean>
) {
	return rpc(client, 'send_mail_test', { summit, template, locale, wording: { ...wording }, combination });
}
