import { readPeopleFacts } from '#lib/agenda/server/checks.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const summit = locals.summit ?? error(404);
	const people = (await readPeopleFacts(locals.supabase, summit.id)) ?? error(404);
	const query = (url.searchParams.get('q') ?? '').trim().slice(0, 100);
	const fits = people.filter(({ name }) => name.toLocaleLowerCase().includes(query.toLocaleLowerCase()));
	return { people: fits.slice(0, 200), count: fits.length, query };
};
