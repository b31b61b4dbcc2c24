import { m } from '#lib/i18n/messages.ts';
import { listSessionFiles, saveFileSettings } from '#lib/files/server/session-files.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { optionalText, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { lateWords } from '#lib/summits/late.ts';
import { instantOf, localTimeOf } from '#lib/summits/local-time.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const list = await listSessionFiles(locals.supabase, summit.id);
	if (!list) error(404);
	const wanted = url.searchParams.get('show') === 'missing';
	const missing = list.sessions.filter(({ slides }) => slides === 0);
	return {
		sessions: wanted ? missing : list.sessions,
		wanted,
		counts: { all: list.sessions.length, missing: missing.length },
		failed: list.sessions.filter((one) => one.failed > 0).length,
		kept: {
			due_at: localTimeOf(list.due_at, summit.zone),
			slides_mb: String(list.slides_mb),
			handouts_mb: String(list.handouts_mb),
			session_mb: String(list.session_mb),
			person_mb: String(list.person_mb),
			summit_gb: String(list.summit_gb)
		}
	};
};

const schema = v.object({
	due_at: v.pipe(
		optionalText(20),
		v.regex(/^$|^\d{4}-\d\d-\d\dT\d\d:\d\d/, () => m.agenda_fault_moment())
	),
	slides_mb: wholeNumber(1, 100),
	handouts_mb: wholeNumber(1, 100),
	session_mb: wholeNumber(100, 100_000),
	person_mb: wholeNumber(100, 100_000),
	summit_gb: wholeNumber(1, 10_000)
});

export const actions: Actions = {
	default: formAction(schema, async (input, { locals, params }) => {
		const { summit } = locals;
		const due_at = input.due_at && instantOf(input.due_at, summit.zone);
		const status = await saveFileSettings(locals.supabase, summit.id, { ...input, due_at: due_at || null });
		const gone = () => refuse('', m.agenda_session_gone());
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/agenda/files?done=saved`,
			late: () => refuse('due_at', lateWords(), 422),
			invalid: gone,
			not_allowed: gone
		});
	})
};
