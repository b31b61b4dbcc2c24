import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { checkbox } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const outcomes = ['stopped', 'none'] as const;
const copyOutcomes = ['used', 'late', 'confirm'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
	const [erasure, readings, copies, revealContact] = await Promise.all([
		rpc(locals.supabase, 'my_erasure'),
		rpc(locals.supabase, 'my_readings'),
		rpc(locals.supabase, 'my_data_copies'),
		rpc(locals.supabase, 'my_reveal_contact')
	]);
	const outcome = outcomes.find((one) => one === url.searchParams.get('erasure')) ?? null;
	const copyOutcome = copyOutcomes.find((one) => one === url.searchParams.get('copy')) ?? null;
	return {
		erasure: erasure ?? notFound(),
		readings,
		copies,
		revealContact,
		outcome,
		copyOutcome,
		isSaved: url.searchParams.has('saved')
	};
};

const request = v.object({
	understood: v.pipe(
		checkbox(),
		v.literal(true, () => m.privacy_understood_missing())
	)
});

export const actions: Actions = {
	reveal: formAction('reveal', v.object({ contact: v.picklist(['mail', 'lead']) }), async ({ contact }, { locals }) => {
		return byStatus(await rpc(locals.supabase, 'save_reveal_contact', { contact }), {
			ok: () => '/account/data?saved#reveal',
			not_allowed: notFound,
			invalid: notFound
		});
	}),
	copy: formAction('copy', v.object({}), async (_input, { locals }) => {
		const status = await rpc(locals.supabase, 'request_data_copy');
		return byStatus(status, {
			ok: () => '/account/data#copy',
			confirm_first: () => '/account/data?copy=confirm#copy',
			too_many: () => refuse('', m.privacy_copy_too_many()),
			not_allowed: notFound
		});
	}),
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
