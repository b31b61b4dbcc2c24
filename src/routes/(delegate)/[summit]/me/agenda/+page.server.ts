import { placeOf } from '#lib/agenda/place.ts';
import { readAgenda } from '#lib/agenda/server/kept.ts';
import { readParticipations } from '#lib/agenda/server/participations.ts';
import { markSession, readMarks } from '#lib/agenda/server/sessions.ts';
import { hasCalendarLink, renewCalendarLink, revokeCalendarLink } from '#lib/calendar/server/links.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = async ({ locals }) => {
	const { summit, viewer, supabase } = locals;
	if (!summit || !viewer?.personId) error(404, m.shell_not_found());
	const [agenda, marks, own, hasLink] = await Promise.all([
		readAgenda(locals, summit.id),
		readMarks(supabase, viewer.personId),
		readParticipations(supabase, viewer.personId),
		hasCalendarLink(supabase, summit.id)
	]);
	const sessions = agenda.sessions.filter((session) => marks.has(session.id) || own.has(session.id));
	const place = placeOf(summit, viewer.timeZone);
	return { place, name: summit.name, sessions, marks, own, hasLink };
};

export const actions: Actions = {
	mark: async ({ locals, request }) => {
		const { summit, supabase, viewer } = locals;
		if (!summit) error(404, m.shell_not_found());
		const form = await request.formData();
		const code = form.get('mark') ?? form.get('unmark');
		const { sessions } = await readAgenda(locals, summit.id);
		const session = sessions.find((one) => one.code === code);
		if (!session || !(await markSession(supabase, viewer?.personId ?? null, session.id, form.has('mark'))))
			error(404, m.shell_not_found());
		redirect(303, href(`/${summit.slug}/me/agenda`));
	},
	renew: async ({ locals, url }) => {
		const { summit, supabase } = locals;
		if (!summit) error(404, m.shell_not_found());
		const token = await renewCalendarLink(supabase, summit.id);
		if (token === null) return fail(409, { failed: true });
		return { link: url.origin + href(`/calendar/${token}.ics`) };
	},
	revoke: async ({ locals }) => {
		const { summit, supabase } = locals;
		if (!summit) error(404, m.shell_not_found());
		await revokeCalendarLink(supabase, summit.id);
		redirect(303, `${href(`/${summit.slug}/me/agenda`)}#subscribe`);
	}
};
