import { libraryFiltersFrom } from '#lib/library/filters.ts';
import { listWork, readChoices, searchLibrary } from '#lib/library/server/library.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase, viewer }, url }) => {
	const filters = libraryFiltersFrom(url.searchParams);
	const [found, choices, work] = await Promise.all([
		searchLibrary(supabase, filters),
		readChoices(supabase),
		viewer ? listWork(supabase) : null
	]);
	return { found, filters, works: choices.submits || (work?.own.length ?? 0) > 0, waiting: work?.review?.length ?? 0 };
};
