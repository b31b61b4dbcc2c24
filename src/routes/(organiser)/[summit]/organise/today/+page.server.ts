import { rpc } from '#lib/database/server/rpc.ts';
import { m } from '#lib/i18n/messages.ts';
import { peopleBehind } from '#lib/stage/server/all-rooms.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, setHeaders }) => {
	const { summit } = locals;
	setHeaders({ 'cache-control': 'no-store' });
	const at = Date.now();
	const today = await rpc(locals.supabase, 'read_on_the_day', { summit: summit.id });
	if (!today) error(403, m.ui_forbidden());
	// People in a green room are stored nowhere, so LiveKit is queried, if the reader may see them.
	const behind = today.soon.some(({ run }) => run !== null) ? await peopleBehind(summit.id) : null;
	for (const session of today.soon) {
		const waiting = session.run === null ? undefined : behind?.get(session.run);
		for (const person of session.people)
			if (person.seen !== 'stage' && person.identity !== null && waiting?.has(person.identity))
				person.seen = 'green_room';
	}
	return { today, at };
};
