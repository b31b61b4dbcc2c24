import { placeOf } from '#lib/agenda/place.ts';
import { readAgenda } from '#lib/agenda/server/cache.ts';
import { readParticipations } from '#lib/agenda/server/participations.ts';
import {
	calendarChoices,
	saveAgendaNotifications,
	readAgendaNotifications,
	readMyPlaces
} from '#lib/agenda/server/places.ts';
import { isVisit, readUnreadChanges, dismissChanges } from '#lib/agenda/server/unread.ts';
import { markSession, readMarks } from '#lib/agenda/server/sessions.ts';
import { hasCalendarLink, renewCalendarLink, revokeCalendarLink } from '#lib/calendar/server/links.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { readOwnSurveys } from '#lib/evaluation/server/answering.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = async ({ locals, request, url }) => {
	const { summit, viewer, supabase } = locals;
	if (!viewer?.personId) error(404, m.ui_not_found());
	const [agenda, marks, own, hasLink, places, notifications, changed, asked, meetings] = await Promise.all([
		readAgenda(locals, summit.id),
		readMarks(supabase, viewer.personId),
		readParticipations(supabase, viewer.personId),
		hasCalendarLink(supabase, summit.id),
		readMyPlaces(supabase, summit.id),
		readAgendaNotifications(supabase, viewer.personId),
		readUnreadChanges(supabase, viewer.personId, summit.id, isVisit(request, url)),
		readOwnSurveys(supabase, summit.id),
		rpc(supabase, 'list_my_meetings', { summit: summit.id })
	]);
	// The offline copy on a device contains nothing of a closed session.
	const kept = url.searchParams.has('keep');
	const sessions = agenda.sessions.filter(
		({ id, level }) => (marks.has(id) || own.has(id)) && !(kept && level === 'closed')
	);
	const place = placeOf(summit, viewer.timeZone);
	return {
		kept,
		place,
		name: summit.name,
		release: agenda.release,
		sessions,
		marks,
		own,
		hasLink,
		places,
		notifications,
		changed,
		// Groups are closed to others who hold the device.
		meetings: kept ? [] : meetings,
		// Without a network the links lead nowhere.
		feedback: new Set(kept ? [] : asked?.sessions.filter(({ answered }) => !answered).map(({ code }) => code)),
		surveys: kept ? [] : (asked?.surveys.filter(({ answered }) => !answered) ?? [])
	};
};

export const actions: Actions = {
	mark: async ({ locals, request }) => {
		const { summit, supabase, viewer } = locals;
		const form = await request.formData();
		const code = form.get('mark') ?? form.get('unmark');
		const { sessions } = await readAgenda(locals, summit.id);
		const session = sessions.find((one) => one.code === code);
		if (!session || !(await markSession(supabase, viewer?.personId ?? null, session.id, form.has('mark'))))
			error(404, m.ui_not_found());
		redirect(303, href(`/${summit.slug}/me/agenda`));
	},
	read: async ({ locals, request }) => {
		const { summit, supabase } = locals;
		const number = Number((await request.formData()).get('number'));
		if (Number.isInteger(number)) await dismissChanges(supabase, summit.id, number);
		redirect(303, href(`/${summit.slug}/me/agenda`));
	},
	notifications: async ({ locals, request }) => {
		const { summit, supabase } = locals;
		const form = await request.formData();
		const calendar = calendarChoices.find((one) => one === form.get('calendar')) ?? 'own';
		await saveAgendaNotifications(supabase, form.get('how') === 'page' ? 'page' : 'mail', calendar);
		redirect(303, href(`/${summit.slug}/me/agenda#notifications`));
	},
	renew: async ({ locals, url }) => {
		const { summit, supabase } = locals;
		const token = await renewCalendarLink(supabase, summit.id);
		if (token === null) return fail(409, { failed: true });
		return { link: url.origin + href(`/calendar/${token}.ics`) };
	},
	revoke: async ({ locals }) => {
		const { summit, supabase } = locals;
		await revokeCalendarLink(supabase, summit.id);
		redirect(303, `${href(`/${summit.slug}/me/agenda`)}#subscribe`);
	}
};
