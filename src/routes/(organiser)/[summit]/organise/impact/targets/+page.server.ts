import { byStatus } from '#lib/database/by-status.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { targetsFrom, targetsSchema } from '#lib/impact/forms.ts';
import { requireDraft } from '#lib/impact/server/draft-page.ts';
import { saveImpactDraft } from '#lib/impact/server/impact.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { version, targets } = await requireDraft(locals);
	return { version, targets };
};

export const actions: Actions = {
	default: formAction(targetsSchema, async (output, { locals: { supabase, summit } }) =>
		byStatus(await saveImpactDraft(supabase, summit.id, output.version, { targets: targetsFrom(output) }), {
			ok: () => `/${summit.slug}/organise/impact?done=saved`,
			conflict: () => refuse('', m.impact_conflict()),
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			not_found: () => notFound()
		})
	)
};
