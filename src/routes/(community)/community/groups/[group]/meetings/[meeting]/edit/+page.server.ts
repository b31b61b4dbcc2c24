import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { checkbox, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { meetingFields, meetingSchema } from '#lib/meetings/forms.ts';
import { readLedMeeting } from '#lib/meetings/server/meetings.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RouteParams } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const meeting = await readLedMeeting(locals.supabase, params.group, params.meeting);
	return { meeting: meeting.is_cancellable ? meeting : notFound(), zones: Intl.supportedValuesOf('timeZone') };
};

const page = ({ group, meeting }: RouteParams, done: string) =>
	`/community/groups/${group}/meetings/${meeting}?done=${done}`;
const gone = () => refuse('', m.meetings_wrong_state());

const isPast = ({ local, zone }: { local: string; zone: string }) => {
	const start = instantOf(local, zone);
	return start !== null && Date.parse(start) <= Date.now();
};

const cancelSchema = v.object({ version: wholeNumber(1), with_later: checkbox() });

const saving = async ({ locals, params }: RequestEvent<RouteParams>) => {
	const meeting = await readLedMeeting(locals.supabase, params.group, params.meeting);
	return { schema: meetingSchema(meeting), name: 'save', meeting };
};

export const actions: Actions = {
	save: formAction(saving, async (input, { locals, params }, _, { meeting }) => {
		const { version, with_later } = input;
		const values = { code: params.meeting, version, fields: meetingFields(input, meeting), with_later };
		return byStatus(await rpc(locals.supabase, 'change_meeting', values), {
			ok: () => page(params, 'saved'),
			not_found: notFound,
			conflict: () => refuse('', m.meetings_conflict()),
			invalid: () =>
				isPast(input) ? refuse('local', m.meetings_start_past(), 422) : refuse('', m.ui_form_wrong(), 422),
			wrong_state: gone
		});
	}),
	cancel: formAction('cancel', cancelSchema, async (input, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'cancel_meeting', { code: params.meeting, ...input }), {
			ok: () => page(params, 'cancelled'),
			not_found: notFound,
			conflict: () => refuse('', m.meetings_conflict()),
			invalid: gone,
			wrong_state: gone
		})
	)
};
