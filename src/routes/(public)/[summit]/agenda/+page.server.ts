import { agendaAddress, agendaFiltersFrom } from '#lib/agenda/filters.ts';
import { readAgenda } from '#lib/agenda/server/cache.ts';
import { markSession, readMarks } from '#lib/agenda/server/sessions.ts';
import { unseenIn } from '#lib/agenda/server/unread.ts';
import { sharedBodyOf, canShare, sharedBody } from '#lib/agenda/server/shared-body.ts';
import { SharedHtml } from '#lib/agenda/shared-html.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isZone } from '#lib/i18n/zone.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

// The page works without a framework in the browser; its own small script is in PageScript.svelte.
export const csr = false;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, viewer, supabase } = locals;
	const filters = agendaFiltersFrom(url.searchParams);
	if (filters.zone !== null && !isZone(filters.zone))
		error(400, m.agenda_no_zone({ zone: url.searchParams.get('zone')?.slice(0, 60) ?? '' }));
	const [agenda, mine] = await Promise.all([
		readAgenda(locals, summit.id),
		viewer?.personId ? readMarks(supabase, viewer.personId) : null
	]);
	const asked = filters.zone ?? viewer?.timeZone ?? null;
	const page = { agenda, filters, asked, summit, now: Date.now() };
	const html = mine !== null && canShare(filters) ? new SharedHtml(sharedBody(page, mine)) : null;
	return {
		slug: summit.slug,
		summitId: summit.id,
		name: summit.name,
		unseen: await unseenIn(locals, agenda),
		zone: summit.zone,
		asked,
		marking: mine === null ? null : agendaAddress(filters),
		html,
		body: html === null ? sharedBodyOf(page, mine) : null
	};
};

export const actions: Actions = {
	mark: async ({ locals, url, request }) => {
		const { summit, viewer, supabase } = locals;
		const back = `/${summit.slug}/agenda${agendaAddress(agendaFiltersFrom(url.searchParams))}`;
		if (!viewer) redirect(303, href(`/sign-in?next=${encodeURIComponent(href(back))}`));
		const form = await request.formData();
		const code = form.get('mark') ?? form.get('unmark');
		const { sessions } = await readAgenda(locals, summit.id);
		const session = sessions.find((one) => one.code === code);
		if (!session || !(await markSession(supabase, viewer?.personId ?? null, session.id, form.has('mark'))))
			error(404, m.ui_not_found());
		redirect(303, `${href(back)}#${session.code}`);
	}
};
