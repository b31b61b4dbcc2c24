import { fileActions } from '#lib/files/server/actions.ts';
import { readSessionFiles } from '#lib/files/server/session-files.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import { requireSession } from '../require-session.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const { summit, session } = await requireSession(locals, params);
	const files = await readSessionFiles(locals.supabase, session.id);
	if (!files) error(404, m.ui_not_found());
	return { session, files, languages: summit.languages, now: Date.now() };
};

export const actions: Actions = fileActions(async ({ locals, params }: RequestEvent) => ({
	session: (await requireSession(locals, params)).session.id,
	at: href(`/${params.summit}/organise/agenda/${params.session}/files`)
}));
