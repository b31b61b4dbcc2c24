import { readAgenda } from '#lib/agenda/server/cache.ts';
import { recordingDays } from '#lib/recording/list.ts';
import { readPublishedRecordings } from '#lib/recording/server/recordings.ts';
import type { PageServerLoad } from './$types';

/** The recordings of a Summit that the reader may watch. */
export const load: PageServerLoad = async ({ locals, url, setHeaders }) => {
	// Withdrawing consent hides a recording at once, so the page is not cached.
	setHeaders({ 'cache-control': 'private, no-store' });
	const { summit } = locals;
	const [{ sessions }, recordings] = await Promise.all([
		readAgenda(locals, summit.id),
		readPublishedRecordings(locals.supabase, summit.id)
	]);
	const query = (url.searchParams.get('q') ?? '').trim().slice(0, 80);
	const days = recordingDays(recordings, sessions, query, summit.zone).map(({ day, recordings: theirs }) => ({
		day,
		recordings: theirs.map(({ about, ...recording }) => ({
			...recording,
			code: about.code,
			title: about.title,
			track: about.track,
			level: about.level,
			people: about.people.map(({ display_name }) => display_name)
		}))
	}));
	return { query, total: recordings.length, days };
};
