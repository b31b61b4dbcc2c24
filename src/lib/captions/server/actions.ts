import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { byStatus } from '#lib/database/by-status.ts';
import { id } from '#lib/forms/fields.ts';
import { acted, formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { makeEngineToken, revokeEngineToken } from './captions.ts';

const tokenSchema = v.object({ run: id(), language: v.pipe(v.string(), v.trim()) });

/** Form actions for the keys of engines; a key is shown once, to the person who made it. */
export const engineActions = {
	token: formAction('token', tokenSchema, async ({ run, language }, { locals }: RequestEvent) => {
		const { status, token } = await makeEngineToken(locals.supabase, run, language);
		return byStatus(status, {
			ok: () => ({ token }),
			not_found: notFound,
			invalid: () => refuse('language', m.captions_refused_language()),
			not_at_this_level: () => refuse('', m.captions_refused_level())
		});
	}),
	revoke: formAction('token', v.object({ token: id() }), async ({ token }, event: RequestEvent) => {
		// Somebody else may have revoked it a moment before.
		await revokeEngineToken(event.locals.supabase, token);
		return acted(event);
	})
};
