import { answerDownload } from '#lib/files/server/serve.ts';
import { openSessionFile } from '#lib/files/server/session-files.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, type RequestHandler } from '@sveltejs/kit';

/** A session's file for people who may read it: the shown version, or with ?version any, for people of the session. */
export const GET: RequestHandler = async ({ locals, params, request, url }) => {
	const { summit, supabase } = locals;
	const version = url.searchParams.get('version');
	const isNumber = version === null || /^[1-9]\d{0,3}$/.test(version);
	const found =
		summit && isNumber
			? await openSessionFile(supabase, summit.id, params['file'] ?? '', version === null ? null : Number(version))
			: null;
	return (found && (await answerDownload(request, found, found.name))) ?? error(404, m.ui_not_found());
};
