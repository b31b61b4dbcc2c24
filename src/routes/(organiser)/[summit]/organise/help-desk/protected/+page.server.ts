import { drawCode } from '#lib/door/server/picture.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { checks, noCodeSentence } from '#lib/help-desk/desk.ts';
import { issueDeskCode, listProtected, listSealedLookups } from '#lib/help-desk/server/desk.ts';
import { m } from '#lib/i18n/messages.ts';
import { listAliasTraces } from '#lib/safeguarding/server/traces.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** For safeguarding only: people whom the desk refers here. */
export const load: PageServerLoad = async ({ locals: { summit, supabase } }) => {
	const [people, lookups, traces] = await Promise.all([
		listProtected(supabase, summit.id),
		listSealedLookups(supabase, summit.id),
		listAliasTraces(supabase, summit.id)
	]);
	if (!people || !lookups || !traces) error(403);
	return { people, lookups, traces };
};

const schema = v.object({
	registration: id(),
	checked: v.picklist(checks, m.help_desk_check_missing)
});

export const actions: Actions = {
	default: formAction(schema, async ({ registration, checked }, { locals: { supabase }, url }) => {
		const issued = await issueDeskCode(supabase, registration, checked);
		if (issued.status !== 'ok') return refuse('', noCodeSentence(issued.status));
		const { code, expires_at } = issued;
		const address = `${url.origin}/sign-in/desk`;
		return { shown: { code, expires_at, address, picture: drawCode(address) } };
	})
};
