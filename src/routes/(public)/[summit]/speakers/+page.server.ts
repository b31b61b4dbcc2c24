import { readAgenda } from '#lib/agenda/server/cache.ts';
import { locale } from '#lib/i18n/locale.ts';
import { searchSpeakers, speakersOf } from '#lib/speakers/list.ts';
import type { PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const { sessions } = await readAgenda(locals, summit.id);
	const query = (url.searchParams.get('q') ?? '').trim().slice(0, 80);
	const all = speakersOf(sessions, locale());
	const speakers = searchSpeakers(all, query).map(({ sessions: theirs, ...speaker }) => ({
		...speaker,
		sessions: theirs.length
	}));
	return { query, total: all.length, speakers };
};
