import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { answerWords } from '#lib/logistics/logistics.ts';
import type { NeedsQuery } from '#lib/logistics/needs.ts';
import { openAnswer } from './logistics.ts';

export const needsPageSize = 50;

/** A page of the needs that the reader's teams meet; null for readers without a role. */
export function listNeeds(client: DataClient, summit: string, { state, question, mine, page }: NeedsQuery) {
	const filters = { ...(state !== 'all' && { state }), ...(question && { question }), ...(mine && { mine }) };
	return rpc(client, 'list_needs', { summit, filters, page, page_size: needsPageSize });
}

/** A need with its answer in words; null for who is not in its team. The database records the reading. */
export async function readNeed(
	client: DataClient,
	summit: string,
	need: string,
	countryName: (code: string) => string
) {
	const found = await rpc(client, 'read_need', { summit, need });
	if (!found) return null;
	const { kind, choices, answer_sealed, key_id, value, access_needs, question, ...row } = found;
	const answer =
		kind && question
			? answerWords({ kind, choices }, openAnswer(question, { answer_sealed, key_id, value }), countryName)
			: (access_needs ?? '');
	return { ...row, answer };
}

/** Changes a need of that version. */
export function saveNeed(
	client: DataClient,
	summit: string,
	need: string,
	changes: { version: number; state: string; assignee: string | null; note: string }
) {
	return rpc(client, 'save_need', { summit, need, changes });
}

/** What the reader said that they need, and what came of it. */
export function myNeeds(client: DataClient, summit: string) {
	return rpc(client, 'my_needs', { summit });
}
