import { byStatus } from '#lib/database/by-status.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { releaseSchema } from '#lib/impact/forms.ts';
import { requireDraft } from '#lib/impact/server/draft-page.ts';
import { fingerprintOf, makeImpactPreview, releaseImpact } from '#lib/impact/server/impact.ts';
import { reportView } from '#lib/impact/view.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { version, texts, targets, may_release, releases } = await requireDraft(locals);
	const { content, hasOldFigures } = await makeImpactPreview(locals.summit.id);
	return {
		version,
		may_release,
		hasOldFigures,
		last: releases[0]?.number ?? 0,
		fingerprint: fingerprintOf(content),
		view: reportView({ texts, targets, content })
	};
};

export const actions: Actions = {
	default: formAction(releaseSchema, async ({ confirmed, ...release }, { locals: { supabase, summit } }) => {
		if (!confirmed) return refuse('confirmed', m.impact_confirm_missing(), 422);
		if (release.after > 0 && release.reason === '') return refuse('reason', m.ui_form_missing(), 422);
		return byStatus(await releaseImpact(supabase, summit.id, release), {
			ok: () => `/${summit.slug}/organise/impact?done=released`,
			conflict: () => refuse('', m.impact_conflict()),
			changed: () => refuse('', m.impact_changed()),
			stale: () => refuse('', m.impact_stale()),
			wrong_state: () => refuse('', m.impact_not_closed()),
			invalid: () => refuse('reason', m.ui_form_wrong(), 422),
			not_found: () => notFound()
		});
	})
};
