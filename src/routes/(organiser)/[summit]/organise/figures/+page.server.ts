import { byStatus } from '#lib/database/by-status.ts';
import { wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { dayKey } from '#lib/i18n/time.ts';
import { m } from '#lib/i18n/messages.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import { isNewRelease, releaseOf } from '#lib/registration/figures.ts';
import { listFigures, readRelease, releaseFigures, saveSmallestGroup } from '#lib/registration/server/figures.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

async function figuresNow({ locals }: { locals: App.Locals }) {
	const { summit } = locals;
	const [figures, last] = await Promise.all([
		listFigures(locals.supabase, summit.id),
		readRelease(locals.supabase, summit.id)
	]);
	if (!figures) error(403, m.ui_forbidden());
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
		next: isNewRelease(next, last?.content ?? null) ? next : null,
		enough: next !== null,
		on
	};
};

const smallestSchema = v.object({ smallest: wholeNumber(3, 50) });

export const actions: Actions = {
	release: formAction('release', v.object({}), async (_, { locals }) => {
		const { summit, next, last } = await figuresNow({ locals });
		if (!next || !isNewRelease(next, last?.content ?? null)) return refuse('', m.registration_figures_not_changed());
		const status = await releaseFigures(locals.supabase, summit.id, last?.number ?? 0, next);
		if (status === 'not_allowed') error(403, m.ui_forbidden());
		// Somebody else released meanwhile, so the figures shown here differ from those that would be released now.
		if (status !== 'ok') return refuse('', m.registration_figures_meanwhile());
		return `/${summit.slug}/organise/figures/released?done=released`;
	}),
	smallest: formAction('smallest', smallestSchema, async ({ smallest }, { locals }) => {
		const { summit } = locals;
		const status = await saveSmallestGroup(locals.supabase, summit.id, smallest);
		return byStatus(status, {
			ok: () => ({ done: m.registration_figures_saved() }),
			invalid: () => refuse('smallest', m.ui_form_wrong(), 422),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	})
};
