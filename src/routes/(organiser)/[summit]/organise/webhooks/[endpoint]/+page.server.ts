import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { enums } from '#lib/database/types.ts';
import { id, yesNo } from '#lib/forms/fields.ts';
import { formAction, FormRefusal, notFound, refuse } from '#lib/forms/server/action.ts';
import { isId } from '#lib/forms/ids.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { instantOf, localTimeOf } from '#lib/summits/local-time.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { endpointFields } from '#lib/webhooks/endpoint-form.ts';
import { readEndpointForm } from '#lib/webhooks/server/form.ts';
import { rotateSecret, testEndpoint } from '#lib/webhooks/server/endpoints.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const pageSize = 50;
const day = 86_400_000;

export const load: PageServerLoad = async ({ locals, params, url }) => {
	if (!isId(params.endpoint)) notFound();
	const state = enums.webhook_state.find((known) => known === url.searchParams.get('state')) ?? null;
	const page = pageNumber(url.searchParams);
	const log = await rpc(locals.supabase, 'read_webhook', {
		summit: locals.summit.id,
		endpoint: params.endpoint,
		state,
		row_limit: pageSize,
		row_offset: (page - 1) * pageSize
	});
	const since = localTimeOf(new Date(Date.now() - day).toISOString(), locals.summit.zone);
	return { ...(log ?? notFound()), state, page, pageSize, since };
};

const local = v.pipe(
	v.string(),
	v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, () => m.door_organise_wrong_time())
);

export const actions: Actions = {
	save: formAction('save', v.object(endpointFields), async (input, { locals, params }) => {
		const form = await readEndpointForm(input);
		if (form instanceof FormRefusal) return form;
		return byStatus(await rpc(locals.supabase, 'edit_webhook', { endpoint: params.endpoint, ...form }), {
			ok: () => ({ done: m.webhooks_saved() }),
			invalid: () => refuse('url', m.webhooks_url_wrong(), 422),
			not_found: notFound
		});
	}),
	pause: formAction('pause', v.object({ paused: yesNo() }), async ({ paused }, { locals, params }) => {
		const status = await rpc(locals.supabase, 'pause_webhook', { endpoint: params.endpoint, paused });
		const back = `/${params.summit}/organise/webhooks/${params.endpoint}`;
		return byStatus(status, { ok: () => back, already: () => back, not_found: notFound });
	}),
	rotate: async ({ locals, params }) => {
		const { status, secret } = await rotateSecret(locals.supabase, params.endpoint);
		return byStatus(status, { ok: () => ({ secret }), invalid: notFound, not_found: notFound });
	},
	test: async ({ locals, params }) => {
		const answer = await testEndpoint(locals.supabase, params.endpoint);
		return byStatus(answer, {
			ok: ({ outcome }) => ({ tested: outcome }),
			limited: () => ({ limited: true }),
			not_found: notFound
		});
	},
	replay: formAction('replay', v.object({ delivery: id() }), async ({ delivery }, { locals }) =>
		byStatus(await rpc(locals.supabase, 'replay_webhook', { delivery }), {
			ok: () => ({ done: m.webhooks_replayed() }),
			already: () => ({ done: m.webhooks_replay_already() }),
			not_found: notFound
		})
	),
	again: formAction('again', v.object({ since: local }), async (input, { locals, params }) => {
		const since = instantOf(input.since, locals.summit.zone);
		if (since === null) return refuse('since', m.door_organise_wrong_time(), 422);
		const count = await rpc(locals.supabase, 'replay_failed_webhooks', { endpoint: params.endpoint, since });
		return { done: m.webhooks_replayed_count({ count: number(count) }) };
	}),
	remove: formAction('remove', v.object({}), async (_input, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'remove_webhook', { endpoint: params.endpoint }), {
			ok: () => `/${params.summit}/organise/webhooks?done=removed`,
			not_found: notFound
		})
	)
};
