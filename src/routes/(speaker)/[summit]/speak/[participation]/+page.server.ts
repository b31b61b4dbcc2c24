import { byStatus } from '#lib/database/by-status.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { answerParticipation } from '#lib/speakers/server/participations.ts';
import { redirect } from '@sveltejs/kit';
import { participationOf } from '../principal.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({
	participation: (await participationOf(locals, params.participation)).participation
});

export const actions: Actions = {
	default: async ({ locals, params }) => {
		const { participation } = await participationOf(locals, params.participation);
		const status = await answerParticipation(locals.supabase, participation.id, false);
		const done = byStatus(status, {
			ok: () => 'declined',
			already: () => 'declined',
			declined: () => 'declined',
			cancelled: () => 'cancelled',
			not_found: notFound
		});
		redirect(303, href(`/${params.summit}/speak?done=${done}`));
	}
};
