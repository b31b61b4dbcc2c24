import { m } from '#lib/i18n/messages.ts';
import { readSpeaker } from '#lib/speakers/server/speakers.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = async ({ locals, params }) => {
	const { summit, viewer, supabase } = locals;
	if (!summit) error(404, m.shell_not_found());
	const speaker = await readSpeaker(supabase, summit.id, params.code);
	if (!speaker) error(404, m.shell_not_found());
	return { whole: summit, speaker, zone: viewer?.timeZone ?? null };
};
