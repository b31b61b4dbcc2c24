import { readOnNow, readUpNext } from '#lib/stage/server/reading.ts';
import type { PageServerLoad } from './$types';

/** What is on in each room and what comes next: of what the reader sees. */
export const load: PageServerLoad = async ({ locals, depends }) => {
	depends('stage:now');
	const { supabase, summit } = locals;
	const [onNow, upNext] = await Promise.all([readOnNow(supabase, summit.id), readUpNext(supabase, summit.id)]);
	return { onNow, upNext };
};
