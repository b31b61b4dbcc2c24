import { requireDraft } from '#lib/impact/server/draft-page.ts';
import { makeImpactContent } from '#lib/impact/server/impact.ts';
import { reportView } from '#lib/impact/view.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { texts, targets, releases } = await requireDraft(locals);
	const content = await makeImpactContent(locals.summit.id);
	const { sections, notes, before } = reportView({ texts: {}, targets, content });
	return { texts, releases, sections, notes, before, hasFigures: content.figures !== null };
};
