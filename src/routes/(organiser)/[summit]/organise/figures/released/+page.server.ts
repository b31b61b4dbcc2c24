import { dayKey } from '#lib/i18n/time.ts';
import { m } from '#lib/i18n/messages.ts';
import { readRelease } from '#lib/registration/server/figures.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const asked = url.searchParams.get('number');
	const number = asked !== null && /^\d{1,6}$/.test(asked) ? Number(asked) : null;
	const release = await readRelease(locals.supabase, summit.id, number);
	if (!release) error(404, m.ui_not_found());
	return { release, on: dayKey(release.released_at, summit.zone) };
};
