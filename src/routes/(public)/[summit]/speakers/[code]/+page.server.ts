import { placeOf } from '#lib/agenda/place.ts';
import { m } from '#lib/i18n/messages.ts';
import { readSpeaker } from '#lib/speakers/server/speakers.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = async ({ locals, params }) => {
	const { summit, viewer, supabase } = locals;
	const speaker = await readSpeaker(supabase, summit.id, params.code);
	if (!speaker) error(404, m.ui_not_found());
	const asked = viewer?.timeZone ?? null;
	return { speaker, name: summit.name, place: placeOf(summit, asked), asked };
};
