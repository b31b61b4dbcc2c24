import { m } from '#lib/i18n/messages.ts';
import { placesFor } from '#lib/agenda/places.ts';
import { listPlaces, setPlaces } from '#lib/agenda/server/places.ts';
import { readDraft } from '#lib/agenda/server/draft.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const [limited, draft] = await Promise.all([
		listPlaces(locals.supabase, summit.id),
		readDraft(locals.supabase, summit.id)
	]);
	const sessions = draft.sessions
		.filter(({ is_break, state }) => !is_break && state === 'confirmed')
		.map(({ id, title, code }) => ({ id, title, code }));
	const chosen = limited.find(({ id }) => id === url.searchParams.get('session')) ?? null;
	return { limited, sessions, chosen, zone: summit.zone };
};

const places = v.pipe(
	v.optional(v.string(), ''),
	v.trim(),
	v.regex(/^\d{0,5}$/, () => m.agenda_sign_up_number()),
	v.transform((value) => (value === '' ? null : Number(value)))
);
const schema = v.object({
	session: v.pipe(
		v.string(),
		v.uuid(() => m.agenda_sign_up_choose_session())
	),
	hall: places,
	online: places,
	closes_at: v.optional(v.string(), ''),
	enforced_at_entry: v.picklist(placesFor, () => m.agenda_sign_up_choose_where())
});

export const actions: Actions = {
	default: formAction(
		schema,
		async ({ session, hall, online, closes_at: wall, enforced_at_entry }, { locals, params }) => {
			const { summit } = locals;
			const closes_at = wall === '' ? null : instantOf(wall, summit.zone);
			if (wall !== '' && closes_at === null) return refuse('closes_at', m.agenda_fault_moment(), 422);
			const set = await setPlaces(locals.supabase, session, {
				hall,
				online,
				closes_at,
				enforced_at_entry
			});
			const refused = () => refuse('session', m.agenda_sign_up_refused());
			return byStatus(set, {
				ok: () => `/${params.summit}/organise/agenda/places?saved=yes`,
				too_few: ({ taken }) => refuse('', m.agenda_sign_up_too_few({ hall: taken.hall, online: taken.online })),
				invalid: refused,
				not_allowed: refused
			});
		}
	)
};
