import { randomBytes } from 'node:crypto';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { UnsubscribeLink } from '#lib/database/answers/campaigns.ts';
import { href } from '#lib/i18n/locale.ts';
import { hashOfToken } from '#lib/people/links.ts';

/** The page of a link by which the reader of a mail unsubscribes, in their language. */
export const unsubscribeUrl = (origin: string, token: string) => `${origin}${href(`/unsubscribe/${token}`)}`;

interface Sending {
	id: string;
	claim: string;
	template: string;
	params: Record<string, unknown>;
}

/** Whether a mail carries a link by which its reader unsubscribes: news, but no test of it. */
export const hasLink = ({ template, params }: Pick<Sending, 'template' | 'params'>): boolean =>
	template === 'campaign' && params['kind'] === 'news' && params['test'] !== true;

/**
 * Makes the link for a mail of news that this process is sending; null for every other mail, and where
 * another process has claimed it. Each sending has its own, and the
 * database keeps its hash alone.
 */
export async function addUnsubscribeLink(mail: Sending): Promise<string | null> {
	if (!hasLink(mail)) return null;
	const token = randomBytes(24).toString('base64url');
	const hash = hashOfToken(token);
	const [row] = await callPrivate('add_unsubscribe_link', [mail.id, mail.claim, hash]);
	return row?.add_unsubscribe_link ? token : null;
}

/** Whether the reader of a link is unsubscribed, and may take it back by the link; null for an unknown link. */
export async function readUnsubscribeLink(token: string): Promise<UnsubscribeLink | null> {
	const hash = hashOfToken(token);
	if (hash === null) return null;
	const [row] = await callPrivate('read_unsubscribe_link', [hash]);
	return row?.read_unsubscribe_link ?? null;
}

/** The reader of a link unsubscribes, or takes it back while they may. */
export async function answerUnsubscribeLink(token: string, isOut: boolean) {
	const hash = hashOfToken(token);
	if (hash === null) return 'not_found' as const;
	const [row] = await callPrivate('answer_unsubscribe_link', [hash, isOut]);
	return row?.answer_unsubscribe_link ?? ('not_found' as const);
}
