import { requireDraft } from '#lib/impact/server/draft-page.ts';
import { makeImpactPreview } from '#lib/impact/server/impact.ts';
import { reportView } from '#lib/impact/view.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { texts, targets, releases } = await requireDraft(locals);
	const { content, hasOldFigures } = await makeImpactPreview(locals.summit.id);
	const { sections, notes, before } = reportView({ texts: {}, targets, content });
	return {
		...{ texts, releases, sections, notes, before, hasOldFigures },
		hasFigures: content.figures !== null,
		// The newest report repeats figures that others have followed.
		hasNewFigures: releases[0] !== undefined && releases[0].figures !== content.figures
	};
};
