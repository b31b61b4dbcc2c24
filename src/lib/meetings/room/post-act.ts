import { deserialize } from '$app/forms';
import type { FormResult } from '#lib/forms/parse.ts';
import { postAction } from '#lib/forms/post-action.ts';
import { m } from '#lib/i18n/messages.ts';

/** Posts to an action of the room's page, which stays as it is; answers why it was refused, or null. */
export async function postAct(action: string, fields: Record<string, string>): Promise<string | null> {
	const body = new FormData();
	for (const [name, value] of Object.entries(fields)) body.set(name, value);
	const answer = await postAction(action, body).catch(() => null);
	const result = answer && deserialize<Record<string, unknown>, { form: FormResult }>(await answer.text());
	if (result?.type === 'success') return null;
	return (result?.type === 'failure' ? result.data?.form.issues[0]?.message : undefined) ?? m.ui_form_not_sent();
}
