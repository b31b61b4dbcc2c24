import { randomUUID } from 'node:crypto';
import { byStatus } from '#lib/database/by-status.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, FormRefusal, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { endpointFields } from '#lib/webhooks/endpoint-form.ts';
import { addWebhook } from '#lib/webhooks/server/endpoints.ts';
import { readEndpointForm } from '#lib/webhooks/server/form.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

// The id of the form is that of the endpoint: one that is sent twice adds one.
export const load: PageServerLoad = () => ({ endpoint: randomUUID() });

const schema = v.object({ endpoint: id(), ...endpointFields });

export const actions: Actions = {
	default: formAction(schema, async (input, { locals }) => {
		const form = await readEndpointForm(input);
		if (form instanceof FormRefusal) return form;
		const { status, secret } = await addWebhook(locals.supabase, locals.summit.id, input.endpoint, form);
		return byStatus(status, {
			ok: () => ({ added: { endpoint: input.endpoint, secret } }),
			already: () => refuse('', m.webhooks_already()),
			too_many: () => refuse('', m.webhooks_too_many()),
			invalid: () => refuse('url', m.webhooks_url_wrong(), 422),
			not_allowed: notFound
		});
	})
};
