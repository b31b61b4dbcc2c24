import { notFound } from '#lib/forms/server/action.ts';
import { previewPage } from '#lib/pages/server/writing.ts';
import { readSummit } from '#lib/summits/server/settings.ts';
import { addSessions } from '../../../../../../(public)/pages.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { supabase, summit } = locals;
	const asked = url.searchParams.get('version') ?? '';
	const version = /^[1-9]\d{0,8}$/.test(asked) ? Number(asked) : null;
	const shown = (await previewPage(supabase, summit.id, params.page, version)) ?? notFound();
	const [found = notFound()] = await addSessions(locals, summit.id, [shown]);
	const { languages, rooms } = await readSummit(supabase, summit.slug);
	return { found, languages, rooms, version, isPhone: url.searchParams.get('width') === 'phone' };
};
