import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { NoticeDraft } from '../writing.ts';

/** What organisers of a Summit may change, and what is said of the whole site; null for readers who may not. */
export const listStatusNotices = (client: DataClient, summit: string) => rpc(client, 'list_status_notices', { summit });

/** Writes a notice; `summit` null: about the whole site. `once` is the form's own id. */
export const postStatusNotice = (
	client: DataClient,
	summit: string | null,
	once: string,
	written: NoticeDraft
): Promise<AnswerOf<'post_status_notice'>> => rpc(client, 'post_status_notice', { summit, once, written });

/** Says what became of a notice. */
export const updateStatusNotice = (
	client: DataClient,
	{ notice, once, stage, texts }: { notice: string; once: string; stage: string; texts: Record<string, string> }
) => rpc(client, 'update_status_notice', { notice, once, new_stage: stage, texts });

/** Shows a notice as a banner or no longer, or takes it back. */
export const changeStatusNotice = (
	client: DataClient,
	notice: string,
	change: { banner?: boolean; withdrawn?: boolean }
) => rpc(client, 'change_status_notice', { notice, ...change });

/** How the site answered; null for readers who may not know. */
export const readReliability = (client: DataClient, summit: string) => rpc(client, 'read_reliability', { summit });
