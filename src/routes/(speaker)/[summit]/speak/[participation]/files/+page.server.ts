import { fileActions } from '#lib/files/server/actions.ts';
import { readSessionFiles } from '#lib/files/server/session-files.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { myParticipations } from '#lib/speakers/server/participations.ts';
import { error } from '@sveltejs/kit';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function participationOf(locals: App.Locals, id: string) {
	const all = locals.summit ? await myParticipations(locals.supabase, locals.summit.id) : [];
	return all.find((one) => one.id === id) ?? error(404, m.ui_not_found());
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const participation = await participationOf(locals, params.participation);
	const files = await readSessionFiles(locals.supabase, participation.session_id);
	if (!files) error(404, m.ui_not_found());
	const { session_id: session, title, code } = participation;
	return { session, title, code, files, languages: locals.summit.languages, now: Date.now() };
};

export const actions: Actions = fileActions(async ({ locals, params }: RequestEvent) => ({
	session: (await participationOf(locals, params.participation)).session_id,
	at: href(`/${params.summit}/speak/${params.participation}/files`)
}));
