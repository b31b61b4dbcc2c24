import type { PageServerLoad } from './$types';

// A static page, which needs no script.
export const csr = false;

export const load: PageServerLoad = ({ locals }) => ({
	own: locals.summit.texts['accessibility'] ?? null,
	rooms: locals.summit.rooms
});
