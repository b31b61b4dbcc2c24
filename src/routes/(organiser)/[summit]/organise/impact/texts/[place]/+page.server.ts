import { byStatus } from '#lib/database/by-status.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { textFrom, textSchema } from '#lib/impact/forms.ts';
import { requireDraft, requirePlace } from '#lib/impact/server/draft-page.ts';
import { saveImpactDraft } from '#lib/impact/server/impact.ts';
import { tagsFor } from '#lib/summits/written.ts';
import type { RequestEvent } from '@sveltejs/kit';
import type { Actions, PageServerLoad, RouteParams } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const place = requirePlace(params.place);
	const { version, texts } = await requireDraft(locals);
	return { place, version, map: texts[place] ?? null, languages: locals.summit.languages };
};

export const actions: Actions = {
	default: formAction(
		async ({ locals, params }: RequestEvent<RouteParams>) => {
			const place = requirePlace(params.place);
			const { texts } = await requireDraft(locals);
			const tags = tagsFor(locals.summit.languages, texts[place]);
			return { place, tags, schema: textSchema(tags) };
		},
		async (output, { locals: { supabase, summit } }, _, { place, tags }) => {
			const changes = { texts: { [place]: textFrom(output, tags) } };
			return byStatus(await saveImpactDraft(supabase, summit.id, output.version, changes), {
				ok: () => `/${summit.slug}/organise/impact?done=saved`,
				conflict: () => refuse('', m.impact_conflict()),
				invalid: () => refuse('', m.ui_form_wrong(), 422),
				not_found: () => notFound()
			});
		}
	)
};
