/* The forms of the panel beside the board: one session edited in place, and a new one. No I/O. */
import { id, list, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { levels, type Level } from '#lib/ui/level.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import * as v from 'valibot';
import type { DraftSession } from '../draft.ts';
import type { When } from './builder.ts';
import { placingFields, whenFrom } from './placing-form.ts';

const maybeId = v.optional(v.union([v.literal(''), v.pipe(v.string(), v.uuid())]), '');
const titled = { title: requiredText(200, () => m.agenda_builder_title_missing()), format_id: maybeId };

/** A session edited in place: what an organiser changes often. Its page has the rest. */
export const editSchema = v.object({
	session: id(),
	version: wholeNumber(),
	...titled,
	track_id: maybeId,
	level: v.picklist(levels),
	attendance: v.picklist(['hall_and_online', 'hall', 'online']),
	stage_format: v.picklist(['stage', 'meeting']),
	state: v.picklist(['draft', 'confirmed', 'cancelled']),
	'spoken[]': list(v.string()),
	'interpreted[]': list(v.string()),
	...placingFields,
	date: v.optional(v.string(), ''),
	time: v.optional(v.string(), ''),
	minutes: v.optional(v.union([v.literal(''), wholeNumber(5, 1440)]), '')
});
type Edit = v.InferOutput<typeof editSchema>;

/** A session made on an empty place of the board. */
export const makeSchema = v.object({ ...titled, ...placingFields });

/** The title in the language of its author; the others stay. */
const titleOf = (title: TextMap, written: string): TextMap => {
	const original = title['original'] ?? 'en';
	return { ...title, original, [original]: written };
};

const mayRecord = (level: Level) => level === 'public' || level === 'members';

/** Whether a session that is recorded would become a workshop: the organiser ends the recording first. */
export const isRecordedWorkshop = (
	{ stage_format, level }: Pick<Edit, 'stage_format' | 'level'>,
	session: Pick<DraftSession, 'is_recorded'>
) => stage_format === 'meeting' && session.is_recorded && mayRecord(level);

/** The fields for `save_session`. Who may attend, and a recording, follow a level that does not allow it any more. */
export function fieldsOf(input: Edit, session: Pick<DraftSession, 'title' | 'audience' | 'is_recorded'>) {
	const { version, title, format_id, track_id, level, attendance, stage_format, state } = input;
	return {
		version,
		title: titleOf(session.title, title),
		format_id: format_id || null,
		track_id: track_id || null,
		level,
		audience: audienceAt(level, session.audience),
		is_recorded: session.is_recorded && mayRecord(level),
		attendance,
		stage_format,
		state,
		spoken: input['spoken[]'],
		interpreted: input['interpreted[]']
	};
}

function audienceAt(level: Level, audience: DraftSession['audience']): DraftSession['audience'] {
	if (level === 'closed') return 'listed';
	return audience === 'everyone' && level !== 'public' ? 'registered' : audience;
}

/** The time of the form; null where it has none, or with errors in `form`. */
export function editedWhen(input: Edit, form: FormResult, zone: string): { when: When | null; form: FormResult } {
	const { date, time, minutes } = input;
	if (!input.slot && date === '' && time === '' && input['rooms[]'].length === 0) return { when: null, form };
	if (date === '') return { when: null, form: withIssue(form, 'date', m.agenda_builder_choose_day()) };
	if (minutes === '') return { when: null, form: withIssue(form, 'minutes', m.agenda_builder_choose_minutes()) };
	return whenFrom({ ...input, date, time, minutes }, form, zone);
}
