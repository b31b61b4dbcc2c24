import { readOnNow, readUpNext } from '#lib/stage/server/reading.ts';
import type { PageServerLoad } from './$types';

/** Current and next sessions in each room, as far as the reader may see them. */
export const load: PageServerLoad = async ({ locals, depends }) => {
	depends('stage:now');
	const { supabase, summit } = locals;
	const [onNow, upNext] = await Promise.all([readOnNow(supabase, summit.id), readUpNext(supabase, summit.id)]);
	return { onNow, upNext };
};
