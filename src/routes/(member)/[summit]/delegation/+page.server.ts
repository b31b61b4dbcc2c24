import { readDelegation } from '#lib/registration/server/registrations.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	if (!locals.summit) error(404);
	const delegations = await readDelegation(locals.supabase, locals.summit.id);
	const withdrawn = url.searchParams.get('withdrawn');
	const person = delegations.flatMap(({ people }) => people).find((each) => each.registration_id === withdrawn);
	return { delegations, withdrawn: person?.state === 'withdrawn' ? person.display_name : null };
};
