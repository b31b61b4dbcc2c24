import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { votesOf, votesSchema } from '#lib/meetings/poll.ts';
import { readPoll } from '#lib/meetings/server/meetings.ts';
import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RouteParams } from './$types';

const read = ({ locals, params }: Pick<RequestEvent<RouteParams>, 'locals' | 'params'>) =>
	readPoll(locals.supabase, params.group, params.poll);

export const load: PageServerLoad = async (event) => ({
	poll: await read(event),
	done: event.url.searchParams.get('done') ?? ''
});

const list = ({ group }: RouteParams) => `/community/groups/${group}/meetings`;
const gone = () => refuse('', m.meetings_poll_over());

const voting = async (event: RequestEvent<RouteParams>) => ({ schema: votesSchema(await read(event)), name: 'vote' });

export const actions: Actions = {
	vote: formAction(voting, async (input, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'vote_on_times', { code: params.poll, votes: votesOf(input) }), {
			ok: () => `${list(params)}/polls/${params.poll}?done=answered`,
			not_found: notFound,
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			conflict: gone,
			wrong_state: gone
		})
	),
	choose: formAction('choose', v.object({ chosen: id() }), async ({ chosen }, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'choose_meeting_time', { code: params.poll, chosen }), {
			ok: ({ code }) => `${list(params)}/${code}?done=planned`,
			not_found: notFound,
			wrong_state: gone
		})
	),
	close: formAction('close', v.object({}), async (_, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'close_meeting_poll', { code: params.poll }), {
			ok: () => list(params),
			not_found: notFound,
			invalid: gone,
			conflict: gone,
			wrong_state: gone
		})
	)
};
