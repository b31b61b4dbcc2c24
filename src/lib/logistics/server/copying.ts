/* Copying questions of another Summit into this one. */
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import type { QuestionForm } from '#lib/logistics/logistics.ts';

interface ListedQuestion {
	id: string;
	key: string;
	label: TextMap;
	form: QuestionForm;
}

/** The questions of a Summit in the order of its forms; with `retired`, those that were removed too. */
export async function listSummitQuestions(
	client: DataClient,
	summit: string,
	retired = false
): Promise<ListedQuestion[]> {
	const all = client.from('logistics_fields').select('id, key, label, form').eq('summit_id', summit);
	const found = await (retired ? all : all.is('retired_at', null))
		.order('form', { ascending: false })
		.order('position')
		.order('key');
	if (found.error) throw new Error(`Reading questions was refused (${found.error.code}).`);
	return found.data as ListedQuestion[];
}

/** Copies questions, with those on which they depend. Answers how many were copied, and how many skipped. */
export function copyQuestions(
	client: DataClient,
	summit: string,
	source: string,
	fields: readonly string[]
): Promise<AnswerOf<'copy_logistics_fields'>> {
	return rpc(client, 'copy_logistics_fields', { summit, source, fields: [...fields] });
}
