import { byStatus } from '#lib/database/by-status.ts';
import { readDoorDesk, resolveConflict, shutOutDevice } from '#lib/door/server/desk.ts';
import { moveDevice } from '#lib/door/server/devices.ts';
import { id, requiredLines } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	return { desk: (await readDoorDesk(locals.supabase, summit.id)) ?? error(403), at: Date.now() };
};

const resolveForm = (_: unknown, data: FormData) => ({
	schema: v.object({ conflict: id(), note: requiredLines(1000) }),
	name: String(data.get('conflict'))
});

export const actions: Actions = {
	resolve: formAction(resolveForm, async ({ conflict, note }, { locals }) => {
		return byStatus(await resolveConflict(locals.supabase, conflict, note), {
			ok: () => ({ done: m.door_organise_written_down() }),
			invalid: () => refuse('note', m.door_organise_note_short()),
			not_found: notFound
		});
	}),
	shut: formAction('shut', v.object({ device: id() }), async ({ device }, { locals }) => {
		if ((await shutOutDevice(locals.supabase, device)) !== 'ok') error(403);
		return { done: m.door_organise_shut_out_done() };
	}),
	move: formAction('move', v.object({ device: id(), checkpoint: id() }), async ({ device, checkpoint }, { locals }) => {
		if ((await moveDevice(locals.supabase, device, checkpoint)) !== 'ok') error(403);
		return { done: m.door_organise_moved() };
	})
};
