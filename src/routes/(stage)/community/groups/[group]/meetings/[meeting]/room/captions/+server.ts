import { m } from '#lib/i18n/messages.ts';
import { isLanguageTag } from '#lib/interpretation/interpretation.ts';
import { readRoomCaptions } from '#lib/meetings/server/room.ts';
import { error, json } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const query = v.object({
	language: v.pipe(v.string(), v.check(isLanguageTag)),
	after: v.nullable(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number)))
});

/** Captions in a language, for the page of the room: all of the last minutes, or those after a moment. */
export const GET: RequestHandler = async ({ locals, params, url: { searchParams } }) => {
	const found = v.safeParse(query, { language: searchParams.get('language'), after: searchParams.get('after') });
	if (!found.success) error(400, m.ui_form_wrong());
	const captions = await readRoomCaptions(locals.supabase, params.meeting, found.output.language, found.output.after);
	return json(captions, { headers: { 'cache-control': 'no-store' } });
};
