import { readPublicRegister } from '#lib/commitments/server/register.ts';
import type { PageServerLoad } from './$types';

// Enough for a hall to read.
const shown = 6;

/** The newest announcements of the Summit that everyone may see, regardless of the reader, because the screen hangs in public. */
export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const { commitments } = await readPublicRegister();
	const ofSummit = commitments.filter((one) => one.summit.slug === summit.slug && one.status !== 'withdrawn');
	return { name: summit.name, count: ofSummit.length, newest: ofSummit.slice(0, shown) };
};
