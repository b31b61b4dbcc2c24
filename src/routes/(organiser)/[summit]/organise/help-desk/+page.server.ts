import { readDoorCode } from '#lib/door/answer.ts';
import { verifyBadge } from '#lib/door/badge.ts';
import { theBadgeKeys } from '#lib/door/server/badge-key.ts';
import { requiredText } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { helpDeskDoneSentence } from '#lib/help-desk/desk.ts';
import { findAtDesk, readAtDesk, type Wanted } from '#lib/help-desk/server/desk.ts';
import { m } from '#lib/i18n/messages.ts';
import { readRegistration } from '#lib/registration/server/accreditation.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** After an act the reader returns to the desk, which shows what was done and for whom. */
export const load: PageServerLoad = async ({ locals: { supabase }, url }) => {
	const [done, id] = [url.searchParams.get('done') ?? '', url.searchParams.get('who') ?? ''];
	if (!isId(id)) return { last: null };
	const [who, desk] = await Promise.all([readRegistration(supabase, id), readAtDesk(supabase, id)]);
	const name = who ? who.display_name || who.reference : '';
	const notice = who && helpDeskDoneSentence(done, name);
	return { last: notice && { id, name, ...notice, badge: desk?.badge?.id ?? null } };
};

async function wantedOf(typed: string, summit: string): Promise<Wanted | null> {
	if (typed.includes('@')) return { address: typed };
	const code = readDoorCode(typed);
	if (code.kind === 'badge_code' || typed.length < 100) return { text: typed };
	const { verifiers } = await theBadgeKeys();
	const reading = await verifyBadge(code.text, verifiers, { summit });
	return reading.ok ? { badge: reading.rights.badge } : null;
}

const findSchema = v.object({ q: requiredText(400, m.help_desk_who_missing) });

export const actions: Actions = {
	// Sent by POST, so that no address or code appears in the URL.
	find: formAction(findSchema, async ({ q }, { locals: { summit, supabase }, params }, form) => {
		const wanted = await wantedOf(q, summit.id);
		if (!wanted) return refuse('q', m.help_desk_not_ours(), 422);
		const found = await findAtDesk(supabase, summit.id, wanted);
		if (!found) error(403);
		if (found.length === 1 && found[0]) return `/${params.summit}/organise/help-desk/${found[0].id}`;
		return { found, form };
	})
};
