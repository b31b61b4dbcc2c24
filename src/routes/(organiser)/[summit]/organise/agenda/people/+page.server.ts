import { readPeopleFacts } from '#lib/agenda/server/checks.ts';
import { readSpeakerSeats } from '#lib/speakers/server/seats.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const [found, listed] = await Promise.all([
		readPeopleFacts(locals.supabase, summit.id),
		readSpeakerSeats(locals.supabase, summit.id)
	]);
	const people = found ?? error(404);
	const seats = new Map(listed.map((seat) => [seat.person, seat]));
	const waiting = listed.filter(({ reason }) => reason !== null).length;
	const query = (url.searchParams.get('q') ?? '').trim().slice(0, 100);
	const fits = people.filter(({ name }) => name.toLocaleLowerCase().includes(query.toLocaleLowerCase()));
	return { people: fits.slice(0, 200), count: fits.length, query, seats, waiting };
};
