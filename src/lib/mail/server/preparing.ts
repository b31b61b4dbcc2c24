import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { createHash } from 'node:crypto';
import { listMessages, saveMessage, type NewMessage } from './group.ts';

/**
 * Prepares a message of a name as a draft. A second call gives what is there, written or sent, unless it was cancelled.
 * Two calls at once prepare one.
 */
export async function prepareMessage(
	client: DataClient,
	summit: string,
	name: string,
	message: NewMessage
): Promise<AnswerOf<'save_group_message'>> {
	for (let attempt = 0; ; attempt++) {
		const form = messageId(`${summit}\0${name}\0${attempt}`);
		const answer = await saveMessage(client, summit, { ...message, id: null, after: 0, form });
		if (answer.status !== 'stale') return answer;
		const known = await listMessages(client, summit, form);
		if (known?.messages[0]?.state !== 'cancelled') return answer;
	}
}

function messageId(text: string): string {
	const hash = createHash('sha256').update(`message\0${text}`).digest('hex');
	return [
		hash.slice(0, 8),
		hash.slice(8, 12),
		`8${hash.slice(12, 15)}`,
		`8${hash.slice(15, 18)}`,
		hash.slice(18, 30)
	].join('-');
}
