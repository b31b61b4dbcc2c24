import { readDraftSession } from '#lib/agenda/server/draft.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';

/** The Summit and the draft session in the address. */
export async function requireSession(locals: App.Locals, params: { session: string }) {
	const { summit } = locals;
	const session = await readDraftSession(locals.supabase, params.session);
	if (!session) error(404, m.ui_not_found());
	return { summit, session };
}
