import { m } from '#lib/i18n/messages.ts';
import { myParticipations } from '#lib/speakers/server/participations.ts';
import { mySpeaking } from '#lib/speakers/server/work.ts';
import { error } from '@sveltejs/kit';

/** The Summit, and the person in the address: the reader, or somebody whom they assist. */
export async function whose(locals: App.Locals, url: URL) {
	const { summit } = locals;
	const principals = await mySpeaking(locals.supabase, summit.id);
	const asked = url.searchParams.get('for');
	const one = asked === null ? principals[0] : principals.find(({ id }) => id === asked);
	return { summit, principals, principal: one ?? error(404, m.ui_not_found()) };
}

/** The participation in the address, of the reader or of somebody whom they assist. */
export async function participationOf(locals: App.Locals, id: string) {
	const { summit } = locals;
	const found = (await myParticipations(locals.supabase, summit.id)).find((each) => each.id === id);
	return { summit, participation: found ?? error(404, m.ui_not_found()) };
}
