import { byStatus } from '#lib/database/by-status.ts';
import { formAction, FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { launchRefusal } from '#lib/organising/launch.ts';
import { listLaunchLines } from '#lib/organising/server/launch.ts';
import { moment, withFaults } from '#lib/summits/general-form.ts';
import { instantOf, localTimeOf } from '#lib/summits/local-time.ts';
import { readSummitSettings, saveSummit, setSummitState } from '#lib/summits/server/settings.ts';
import { setupPath } from '#lib/summits/setup.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const { zone, ...settings } = await readSummitSettings(locals.supabase, params.summit);
	const { viewer, supabase, summit } = locals;
	const items = viewer ? await listLaunchLines(supabase, viewer, summit) : [];
	return {
		needed: items.filter(({ phase, blocks, done }) => phase === 'open' && blocks && !done),
		zone,
		opens: localTimeOf(settings.registration_opens_at, zone),
		closes: localTimeOf(settings.registration_closes_at, zone)
	};
};

const schema = v.object({ registration_opens_at: moment, registration_closes_at: moment });

export const actions: Actions = {
	default: formAction(schema, async (input, { locals, params }, form) => {
		const { id, zone } = locals.summit;
		const at = (wall: string) => (wall === '' ? null : instantOf(wall, zone));
		const saved = await saveSummit(locals.supabase, id, {
			registration_opens_at: at(input.registration_opens_at) ?? new Date().toISOString(),
			registration_closes_at: at(input.registration_closes_at)
		});
		if (saved.status !== 'ok') return new FormRefusal(withFaults(form, saved).issues, 422);
		const opened = () => setupPath(params.summit, 'open');
		return byStatus(await setSummitState(locals.supabase, id, 'open'), {
			ok: opened,
			already: opened,
			not_ready: ({ items }) => refuse('', launchRefusal(items)),
			// Only of a Summit that was closed.
			clock_ran: () => refuse('', m.summits_fault_not_allowed()),
			blocked: () => refuse('', m.summits_fault_not_allowed()),
			open: () => refuse('', m.summits_fault_not_allowed()),
			not_allowed: () => refuse('', m.summits_fault_not_allowed())
		});
	})
};
