import { errorFacts, log } from '#lib/audit/server/log.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { checkbox, id, list, requiredText, requiredLines, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { actionSchema } from '#lib/groups/group.ts';
import { inPageLanguage } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { putMinutesInLibrary } from '#lib/files/server/library-minutes.ts';
import { commentsUntilSchema, minutesSchema } from '#lib/meetings/forms.ts';
import { withShownText } from '#lib/meetings/meeting.ts';
import { readLedMeeting } from '#lib/meetings/server/meetings.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent, RouteParams } from './$types';

const led = ({ locals, params }: Pick<RequestEvent, 'locals' | 'params'>) =>
	readLedMeeting(locals.supabase, params.group, params.meeting);

export const load: PageServerLoad = async (event) => {
	const meeting = await led(event);
	return { meeting: meeting.has_begun ? meeting : notFound(), done: event.url.searchParams.get('done') ?? '' };
};

/** What follows from each answer about the meeting: the page again, or why not. */
const ofMeeting = ({ group, meeting }: RouteParams, done = 'saved') => ({
	ok: () => `/community/groups/${group}/meetings/${meeting}/minutes?done=${done}`,
	not_found: notFound,
	invalid: () => refuse('', m.ui_form_wrong(), 422),
	conflict: () => refuse('', m.meetings_conflict()),
	wrong_state: () => refuse('', m.meetings_wrong_state())
});

/** The same of an answer about its minutes. */
const cases = (params: RouteParams, done?: string) => ({
	...ofMeeting(params, done),
	too_early: () => refuse('', m.meetings_minutes_early())
});

const attendanceSchema = v.object({ version: wholeNumber(1), present: list(id()) });

const saving = async (event: RequestEvent) => ({ schema: minutesSchema, name: 'save', meeting: await led(event) });

export const actions: Actions = {
	save: formAction(saving, async ({ body, version }, { locals, params }, _, { meeting }) => {
		const values = { code: params.meeting, version, body: withShownText(meeting.minutes?.body, body) };
		return byStatus(await rpc(locals.supabase, 'save_minutes', values), cases(params));
	}),
	open: formAction('open', commentsUntilSchema, async ({ until }, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'open_minutes_for_comments', { code: params.meeting, until }), {
			...cases(params, 'opened'),
			invalid: () => refuse('until', m.meetings_comments_day_wrong(), 422)
		})
	),
	approve: formAction('approve', v.object({ version: wholeNumber(1) }), async ({ version }, { locals, params }) =>
		byStatus(
			await rpc(locals.supabase, 'approve_minutes', { code: params.meeting, version }),
			cases(params, 'approved')
		)
	),
	correct: formAction('correct', v.object({ reason: requiredText(500) }), async ({ reason }, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'correct_minutes', { code: params.meeting, reason }), cases(params))
	),
	publish: formAction('publish', v.object({ is_public: checkbox() }), async ({ is_public }, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'publish_minutes', { code: params.meeting, is_public }), cases(params))
	),
	library: formAction('library', v.object({}), async (_, event) => {
		const meeting = await led(event);
		if (meeting.minutes?.state !== 'approved') return refuse('', m.meetings_wrong_state());
		const fault = (error: unknown) => log.error(errorFacts(error), 'minutes could not be made into a file');
		return byStatus(await putMinutesInLibrary(event.locals.supabase, meeting, meeting.minutes, fault), {
			ok: ({ code, missing }) =>
				`/community/library/own/${code}${missing.length > 0 ? `?missing=${missing.join()}` : ''}`,
			already: ({ code }) =>
				code ? `/community/library/own/${code}?saved=already` : refuse('', m.meetings_library_already()),
			in_work: () => refuse('', m.meetings_library_in_work()),
			not_found: notFound,
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			limited: () => refuse('', m.library_limited()),
			wrong_state: () => refuse('', m.meetings_wrong_state())
		});
	}),
	attendance: formAction('attendance', attendanceSchema, async (input, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'record_attendance', { code: params.meeting, ...input }), ofMeeting(params))
	),
	decide: formAction('decide', v.object({ wording: requiredLines(2000) }), async ({ wording }, { locals, params }) =>
		byStatus(
			await rpc(locals.supabase, 'record_meeting_decision', {
				code: params.meeting,
				wording: inPageLanguage(wording)
			}),
			cases(params)
		)
	),
	add: formAction('add', actionSchema, async ({ task, owner, due_on }, { locals, params }) => {
		const values = { code: params.meeting, task: inPageLanguage(task), owner: owner || null, due_on: due_on || null };
		return byStatus(await rpc(locals.supabase, 'add_meeting_action', values), cases(params));
	})
};
