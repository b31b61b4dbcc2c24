import { publishRelease } from '#lib/agenda/server/changes.ts';
import { readDraft } from '#lib/agenda/server/draft.ts';
import { readDayPlan, readRooms } from '#lib/calendar/exchange/day-plan.ts';
import { addPlannedSessions } from '#lib/calendar/server/day-plan.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { optionalLines } from '#lib/forms/fields.ts';
import { formAction, FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { addDays } from '#lib/i18n/time.ts';
import { forgetSummits } from '#lib/summits/server/cache.ts';
import { addRooms } from '#lib/summits/server/rooms.ts';
import { readSummit } from '#lib/summits/server/settings.ts';
import { setupPath } from '#lib/summits/setup.ts';
import { text } from '#lib/i18n/locale.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

function daysOf({ starts_on, ends_on }: { starts_on: string; ends_on: string }): string[] {
	const days = [starts_on];
	for (let next = addDays(starts_on, 1); next <= ends_on; next = addDays(next, 1)) days.push(next);
	return days;
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const summit = await readSummit(locals.supabase, params.summit);
	const { sessions } = await readDraft(locals.supabase, summit.id);
	const placed = sessions.flatMap(({ id, title, slots }) =>
		slots.map(({ start, end, rooms }) => ({ key: `${id} ${start}`, title, start, end, rooms }))
	);
	return {
		days: daysOf(summit),
		rooms: summit.rooms,
		release: summit.release,
		zone: summit.zone,
		placed,
		added: url.searchParams.get('done') === 'added'
	};
};

async function planForm({ locals, params }: RequestEvent) {
	const summit = await readSummit(locals.supabase, params.summit);
	const days = daysOf(summit);
	const entries = days.map((day) => [`day.${day}`, optionalLines(20_000)]);
	return {
		...{ name: 'plan', summit, days },
		schema: v.object({
			rooms: optionalLines(4000),
			level: v.picklist(['public', 'members']),
			...(Object.fromEntries(entries) as Record<string, ReturnType<typeof optionalLines>>)
		})
	};
}

export const actions: Actions = {
	plan: formAction(planForm, async (input, { locals, params }, _, { summit, days }) => {
		const rooms = readRooms(input.rooms);
		const first = text(summit.rooms.find(({ is_quiet_room }) => !is_quiet_room)?.name).text || (rooms[0]?.name ?? '');
		const read = days.map((day) => ({
			path: `day.${day}`,
			...readDayPlan(day, (input as Record<string, string>)[`day.${day}`] ?? '', first)
		}));
		const issues = read.flatMap((one) => (one.ok ? [] : [{ path: one.path, message: one.message }]));
		if (issues.length > 0) return new FormRefusal(issues, 422);
		const sessions = read.flatMap((one) => (one.ok ? one.sessions : []));
		if (sessions.length === 0) return refuse(`day.${days[0] ?? ''}`, m.summits_setup_agenda_nothing(), 422);
		const refused = await addRooms(locals.supabase, summit, rooms);
		if (refused !== null) return refuse('rooms', m.summits_setup_agenda_room_unfit({ name: refused }), 422);
		const now = await readSummit(locals.supabase, params.summit);
		const fault = await addPlannedSessions(locals.supabase, now, sessions, input.level);
		forgetSummits();
		return fault === null ? `${setupPath(params.summit, 'agenda')}?done=added` : refuse('', fault);
	}),
	publish: formAction('publish', v.object({}), async (_, { locals, params }) => {
		const made = await publishRelease(locals.supabase, locals.summit.id, {}, 0);
		return byStatus(made, {
			ok: () => {
				forgetSummits();
				return setupPath(params.summit, 'open');
			},
			published_meanwhile: () => refuse('', m.summits_setup_agenda_published_meanwhile()),
			blocked: () => refuse('', m.summits_setup_agenda_blocked()),
			nothing_to_release: () => refuse('', m.summits_setup_agenda_nothing()),
			invalid_note: () => refuse('', m.ui_form_wrong()),
			not_allowed: () => refuse('', m.summits_fault_not_allowed())
		});
	})
};
