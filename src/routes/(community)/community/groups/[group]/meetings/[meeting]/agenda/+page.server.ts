import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { refusedDocument } from '#lib/files/server/document-action.ts';
import { paperLimit, uploadMeetingPaper } from '#lib/files/server/meeting-papers.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { itemSchema, linkSchema } from '#lib/meetings/forms.ts';
import { withShownText } from '#lib/meetings/meeting.ts';
import { readLedMeeting } from '#lib/meetings/server/meetings.ts';
import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent, RouteParams } from './$types';

const led = ({ locals, params }: Pick<RequestEvent, 'locals' | 'params'>) =>
	readLedMeeting(locals.supabase, params.group, params.meeting);

export const load: PageServerLoad = async (event) => ({
	meeting: await led(event),
	most: paperLimit,
	once: crypto.randomUUID(),
	done: event.url.searchParams.get('done') ?? ''
});

const page = ({ group, meeting }: RouteParams) => `/community/groups/${group}/meetings/${meeting}/agenda?done=saved`;
const wrong = () => refuse('', m.ui_form_wrong(), 422);
const gone = () => refuse('', m.meetings_wrong_state());

const itemForm = async (event: RequestEvent, data: FormData) => {
	const item = String(data.get('item') ?? '');
	return { schema: itemSchema, name: item ? `item-${item}` : 'item', meeting: await led(event) };
};
const changeSchema = v.object({ item: id(), act: v.picklist(['up', 'down', 'remove']) });

export const actions: Actions = {
	item: formAction(itemForm, async (input, { locals, params }, _, { meeting }) => {
		const before = meeting.items.find(({ id: known }) => known === input.item);
		const fields = {
			id: input.once || null,
			title: withShownText(before?.title, input.title),
			note: withShownText(before?.note, input.note),
			minutes: input.minutes === '' ? null : input.minutes,
			presenter: input.presenter || null
		};
		const values = { code: params.meeting, item: input.item || null, version: input.version, fields };
		return byStatus(await rpc(locals.supabase, 'save_meeting_item', values), {
			ok: () => page(params),
			not_found: notFound,
			conflict: () => refuse('', m.meetings_conflict()),
			invalid: wrong,
			wrong_state: gone
		});
	}),
	change: formAction('change', changeSchema, async ({ item, act }, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'change_meeting_agenda', { code: params.meeting, item, act }), {
			ok: () => page(params),
			not_found: notFound,
			conflict: wrong,
			invalid: wrong,
			wrong_state: gone
		})
	),
	link: formAction('link', linkSchema, async ({ name, link, item }, { locals, params }) => {
		const values = { code: params.meeting, name, link, item: item || null };
		return byStatus(await rpc(locals.supabase, 'add_meeting_paper', values), {
			ok: () => page(params),
			not_found: notFound,
			full: () => refuse('', m.meetings_papers_full()),
			invalid: wrong
		});
	}),
	drop: formAction('drop', v.object({ paper: id() }), async ({ paper }, { locals, params }) => {
		// One that was removed meanwhile is gone either way.
		await rpc(locals.supabase, 'remove_meeting_paper', { code: params.meeting, paper });
		return page(params);
	}),
	upload: async (event) => {
		const { locals, params, request } = event;
		const form = { name: 'upload', most: paperLimit, full: m.meetings_papers_full };
		const refused = await refusedDocument(event, form, () =>
			uploadMeetingPaper(locals.supabase, params.meeting, request)
		);
		return refused ?? redirect(303, href(page(params)));
	}
};
