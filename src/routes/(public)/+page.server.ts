import type { PageServerLoad } from './$types';
import { readLanding } from './landing.ts';

export const csr = false;

/** The current Summit; before the first one is announced there is none. */
export const load: PageServerLoad = async ({ locals }) => ({ landing: await readLanding(locals) });
