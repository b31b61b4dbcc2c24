/* The groups of a session, chosen on its page and beside the board. */
import { byStatus } from '#lib/database/by-status.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { type FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';

/** A group by its code. */
export const sessionGroupFields = {
	group: v.pipe(
		v.string(),
		v.regex(/^[A-Z0-9]{4,12}$/, () => m.agenda_groups_unknown())
	)
};

/** Makes a session belong to a group; why not, or null. */
export async function chooseSessionGroup(
	client: DataClient,
	session: string,
	code: string
): Promise<FormRefusal | null> {
	return byStatus(await rpc(client, 'choose_session_group', { session, code }), {
		ok: () => null,
		already: () => refuse('group', m.agenda_groups_already()),
		unknown: () => refuse('group', m.agenda_groups_unknown()),
		not_listed: () => refuse('', m.agenda_groups_not_listed()),
		not_allowed: () => refuse('', m.agenda_session_gone())
	});
}

/** Ends that a session belongs to a group. Somebody else may have done it a moment before. */
export async function leaveSessionGroup(client: DataClient, session: string, code: string): Promise<null> {
	await rpc(client, 'remove_session_group', { session, code });
	return null;
}

/** Ends that a session belongs to any group; why not, or null. */
export async function leaveSessionGroups(client: DataClient, session: string): Promise<FormRefusal | null> {
	return byStatus(await rpc(client, 'remove_session_groups', { session }), {
		ok: () => null,
		not_allowed: () => refuse('', m.agenda_session_gone())
	});
}
