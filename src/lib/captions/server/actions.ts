import { error, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { captionRefusal } from '#lib/captions/words.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { makeEngineToken, revokeEngineToken } from './captions.ts';

const tokenSchema = v.object({ run: id(), tongue: v.pipe(v.string(), v.trim()) });

/** Form actions for the keys of engines; a key is shown once, to the person who made it. */
export const engineActions = {
	token: formAction('token', tokenSchema, async ({ run, tongue }, { locals }: RequestEvent) => {
		const { status, token } = await makeEngineToken(locals.supabase, run, tongue);
		if (status === 'ok') return { token };
		if (status === 'not_found') error(404, m.ui_not_found());
		if (status === 'invalid') return refuse('tongue', m.captions_refused_language());
		return refuse('', captionRefusal(status) ?? '');
	}),
	revoke: formAction('token', v.object({ token: id() }), async ({ token }, { locals }: RequestEvent) => {
		// Somebody else may have revoked it a moment before.
		await revokeEngineToken(locals.supabase, token);
		return { done: true as const };
	})
};
