import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { checkbox } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const outcomes = ['stopped', 'none'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
	const [erasure, readings] = await Promise.all([
		rpc(locals.supabase, 'my_erasure'),
		rpc(locals.supabase, 'my_readings')
	]);
	const outcome = outcomes.find((one) => one === url.searchParams.get('erasure')) ?? null;
	return { erasure: erasure ?? notFound(), readings, outcome };
};

const request = v.object({
	understood: v.pipe(
		checkbox(),
		v.literal(true, () => m.privacy_understood_missing())
	)
});

export const actions: Actions = {
	erase: formAction('erase', request, async (_input, { locals }) => {
		const status = await rpc(locals.supabase, 'request_erasure');
		return byStatus(status, {
			ok: () => '/account/data',
			already: () => '/account/data',
			has_role: () => refuse('', m.privacy_has_role()),
			not_allowed: notFound
		});
	}),
	stop: formAction('stop', v.object({}), async (_input, { locals }) => {
		const status = await rpc(locals.supabase, 'stop_erasure');
		return `/account/data?erasure=${status === 'ok' ? 'stopped' : 'none'}`;
	})
};
