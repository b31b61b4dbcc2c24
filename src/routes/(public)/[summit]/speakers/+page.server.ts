import { readAgenda } from '#lib/agenda/server/kept.ts';
import { locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { searchSpeakers, speakersOf } from '#lib/speakers/list.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	if (!summit) error(404, m.shell_not_found());
	const { sessions } = await readAgenda(locals, summit.id);
	const query = (url.searchParams.get('q') ?? '').trim().slice(0, 80);
	const all = speakersOf(sessions, locale());
	const speakers = searchSpeakers(all, query).map(({ sessions: theirs, ...speaker }) => ({
		...speaker,
		sessions: theirs.length
	}));
	return { query, total: all.length, speakers };
};
