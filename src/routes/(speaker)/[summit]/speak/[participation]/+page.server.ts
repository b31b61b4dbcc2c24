import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { answerParticipation, myParticipations } from '#lib/speakers/server/participations.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

async function participationOf(locals: App.Locals, id: string) {
	if (!locals.summit) error(404, m.shell_not_found());
	const found = (await myParticipations(locals.supabase, locals.summit.id)).find((each) => each.id === id);
	if (!found) error(404, m.shell_not_found());
	return found;
}

export const load: PageServerLoad = async ({ locals, params }) => ({
	participation: await participationOf(locals, params.participation)
});

export const actions: Actions = {
	default: async ({ locals, params }) => {
		const { id } = await participationOf(locals, params.participation);
		const status = await answerParticipation(locals.supabase, id, false);
		redirect(
			303,
			href(`/${params.summit}/speak?done=${status === 'ok' || status === 'already' ? 'declined' : 'refused'}`)
		);
	}
};
