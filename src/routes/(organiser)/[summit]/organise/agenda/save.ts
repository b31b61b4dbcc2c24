import { m } from '#lib/i18n/messages.ts';
import { sessionFrom, sessionSchema } from '#lib/agenda/draft-form.ts';
import type { DraftSession } from '#lib/agenda/draft.ts';
import { saveSession } from '#lib/agenda/server/draft.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import type { Summit } from '#lib/summits/summit.ts';

type Result = { ok: true; id: string } | { ok: false; status: 404 | 409 | 422; form: FormResult };

const refusals: Record<RefusalOf<'save_session'>, () => string> = {
	room_taken: m.agenda_save_room_taken,
	conflict: m.agenda_save_conflict,
	invalid: m.agenda_save_invalid,
	unknown: m.agenda_save_gone,
	not_allowed: m.agenda_save_not_allowed,
	wrong_state: m.agenda_save_room_open
};

/** Saves a session's form, for a new session (`session` null) and an existing one. */
export async function saveSessionForm(
	locals: App.Locals,
	summit: Summit,
	data: FormData,
	session: DraftSession | null
): Promise<Result> {
	const { languages, zone } = summit;
	const parsed = parseForm(data, sessionSchema(languages, session));
	if (!parsed.ok) return { ok: false, status: 422, form: parsed.form };
	const { fields, form } = sessionFrom(parsed.output, parsed.form, { languages, zone, session });
	if (form.issues.length > 0) return { ok: false, status: 422, form };
	const saved = await saveSession(locals.supabase, summit.id, session?.id ?? null, fields);
	if (saved.status === 'ok') return { ok: true, id: saved.id };
	const paths = { room_taken: 'slot.0.rooms[]', wrong_state: 'stage_format' };
	const path = saved.status in paths ? paths[saved.status as keyof typeof paths] : '';
	return { ok: false, status: 409, form: withIssue(form, path, refusals[saved.status]()) };
}
