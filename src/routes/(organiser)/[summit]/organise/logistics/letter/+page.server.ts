import { byStatus } from '#lib/database/by-status.ts';
import { m } from '#lib/i18n/messages.ts';
import { readLetterSettings, saveLetterSettings } from '#lib/logistics/server/overview.ts';
import { optionalText, requiredLines, requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	return { kept: await readLetterSettings(supabase, summit.id), isSaved: url.searchParams.get('done') === 'saved' };
};

const schema = v.object({
	issuer_name: requiredText(200),
	issuer_address: requiredLines(500),
	signatory_name: requiredText(120),
	signatory_office: requiredText(200),
	prefix: v.pipe(
		optionalText(12),
		v.toUpperCase(),
		v.regex(/^[A-Z0-9-]*$/, () => m.logistics_prefix_wrong())
	)
});

export const actions: Actions = {
	default: formAction(schema, async (input, { locals, params }) => {
		const { summit, supabase } = locals;
		const status = await saveLetterSettings(supabase, summit.id, input);
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/logistics/letter?done=saved`,
			invalid: () => refuse('', m.logistics_head_wrong(), 422),
			not_allowed: () => refuse('', m.logistics_head_not_allowed())
		});
	})
};
