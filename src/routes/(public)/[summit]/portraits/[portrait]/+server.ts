import { openPortrait } from '#lib/files/server/portraits.ts';
import { answerPicture } from '#lib/files/server/serve.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, type RequestHandler } from '@sveltejs/kit';

/** The portrait of a person whose name the reader may see; ?large for the larger of its two sizes. */
export const GET: RequestHandler = async ({ locals, params, request, url }) => {
	const found = await openPortrait(locals.supabase, params['portrait'] ?? '', url.searchParams.has('large'));
	return (found && (await answerPicture(request, found))) ?? error(404, m.ui_not_found());
};
