import { wholeNumber } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { dayKey } from '#lib/i18n/time.ts';
import { m } from '#lib/i18n/messages.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import { isNews, releaseOf } from '#lib/registration/figures.ts';
import { listFigures, readRelease, releaseFigures, saveSmallestGroup } from '#lib/registration/server/figures.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import { href } from '#lib/i18n/locale.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

async function figuresNow({ locals }: { locals: App.Locals }) {
	const { summit } = locals;
	const [figures, last] = await Promise.all([
		listFigures(locals.supabase, summit.id),
		readRelease(locals.supabase, summit.id)
	]);
	if (!figures) error(403, m.shell_forbidden());
	const on = dayKey(Date.now(), summit.zone);
	const next = releaseOf(figures.outward, figures.smallest_group, last?.content ?? null, on);
	return { summit, figures, last, next, on };
}

export const load: PageServerLoad = async ({ locals }) => {
	const { summit, figures, last, next, on } = await figuresNow({ locals });
	const { groups, days, smallest_group } = figures;
	return {
		groups,
		days,
		smallest: smallest_group,
		maySet: holdsRole(locals.viewer, summit.id, 'owner'),
		last: last && { number: last.number, released_at: last.released_at },
		next: isNews(next, last?.content ?? null) ? next : null,
		enough: next !== null,
		on
	};
};

export const actions: Actions = {
	release: async ({ locals }) => {
		const { summit, next, last } = await figuresNow({ locals });
		const form = { name: 'release', values: {}, issues: [] };
		if (!next || !isNews(next, last?.content ?? null)) {
			return fail(409, { form: withIssue(form, '', 'Nothing has changed by a whole group since the last release.') });
		}
		const status = await releaseFigures(locals.supabase, summit.id, last?.number ?? 0, next);
		if (status === 'not_allowed') error(403, m.shell_forbidden());
		// Somebody else released meanwhile: what was shown here is not what would go out now.
		if (status !== 'ok')
			return fail(409, { form: withIssue(form, '', 'Figures were released meanwhile. Look again, then release.') });
		redirect(303, href(`/${summit.slug}/organise/figures/released?done=released`));
	},
	smallest: async ({ locals, request }) => {
		const { summit } = locals;
		const parsed = parseForm(await request.formData(), v.object({ smallest: wholeNumber(3, 50) }), 'smallest');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await saveSmallestGroup(locals.supabase, summit.id, parsed.output.smallest);
		if (status === 'not_allowed') error(403, m.shell_forbidden());
		return { done: 'Saved. Figures that are released already stay as they are.' };
	}
};
