import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => ({ partly: url.searchParams.has('partly') });
