import { byStatus } from '#lib/database/by-status.ts';
import { id, list, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { scopesByKind } from '#lib/integrations/scopes.ts';
import { listApiKeys, makeApiKey, revokeApiKey } from '#lib/integrations/server/keys.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	keys: await listApiKeys(locals.supabase, locals.summit.id)
});

const makeSchema = v.object({
	name: requiredText(80),
	'published[]': list(v.picklist(scopesByKind.published)),
	'numbers[]': list(v.picklist(scopesByKind.numbers)),
	'people[]': list(v.picklist(scopesByKind.people)),
	days: wholeNumber(1, 366)
});

export const actions: Actions = {
	make: formAction('make', makeSchema, async ({ name, days, ...chosen }, { locals }) => {
		const scopes = [...chosen['published[]'], ...chosen['numbers[]'], ...chosen['people[]']];
		if (scopes.length === 0) return refuse('published[]', m.integrations_scopes_missing(), 422);
		const { status, key } = await makeApiKey(locals.supabase, locals.summit.id, { name, scopes, days });
		return byStatus(status, {
			ok: () => ({ key }),
			too_many: () => refuse('', m.integrations_too_many()),
			invalid: () => refuse('name', m.ui_form_wrong(), 422),
			not_allowed: notFound
		});
	}),
	revoke: formAction('revoke', v.object({ key: id() }), async ({ key }, { locals, params }) => {
		await revokeApiKey(locals.supabase, key);
		return `/${params.summit}/organise/api-keys?done=revoked`;
	})
};
