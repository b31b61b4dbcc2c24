import { readReference } from '#lib/faults/reference.ts';
import { findFault, listFaults } from '#lib/faults/server/faults.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** The fault that `?reference=` stands for, and the last ones. */
export const load: PageServerLoad = async ({ locals: { summit, supabase }, url }) => {
	const typed = url.searchParams.get('reference')?.slice(0, 40) ?? '';
	const reference = readReference(typed);
	const [found, faults] = await Promise.all([
		reference === null ? null : findFault(supabase, summit.id, reference),
		listFaults(supabase, summit.id)
	]);
	return { typed, reference, found, faults: faults ?? error(403) };
};
