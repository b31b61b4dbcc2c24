import { readSession } from '#lib/agenda/server/sessions.ts';
import { m } from '#lib/i18n/messages.ts';
import { doesWatchingCount, readPlayable, readRecordingCaptions, watchable } from '#lib/recording/server/recordings.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** A recording, for people who may watch it; a draft, for programme organisers. */
export const load: PageServerLoad = async ({ locals: { viewer, summit, supabase }, params, setHeaders }) => {
	// Withdrawing consent hides the person at once, so the page is not cached.
	setHeaders({ 'cache-control': 'private, no-store' });
	const session = await readSession(supabase, summit.id, params.code);
	const recording = session && (await watchable(supabase, summit.id, session, params.recording));
	if (!session || !recording) error(404, m.ui_not_found());
	const [captions, { formats, sounds }, counts] = await Promise.all([
		readRecordingCaptions(supabase, summit.id, recording.id),
		readPlayable(supabase, summit.id, recording.id),
		viewer ? doesWatchingCount(supabase, recording.id) : false
	]);
	return {
		recording,
		formats,
		sounds: sounds.filter(({ is_left_out }) => !is_left_out).map(({ language }) => language),
		counts,
		languages: Object.keys(captions ?? {}),
		session: { code: session.code, title: session.title, level: session.level, content_note: session.content_note },
		place: { slug: summit.slug, zone: summit.zone, name: summit.name }
	};
};
