import { byStatus } from '#lib/database/by-status.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { answerFocalInvitation, myFocalInvitations } from '#lib/members/server/member.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const schema = v.object({ invitation: id(), answer: v.picklist(['accept', 'decline']) });

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	return { offers: await myFocalInvitations(locals.supabase, summit.id) };
};

const offerForm = (_: unknown, data: FormData) => ({ schema, name: String(data.get('invitation')) });

export const actions: Actions = {
	default: formAction(offerForm, async ({ invitation, answer }, { locals, params }) => {
		const accept = answer === 'accept';
		return byStatus(await answerFocalInvitation(locals.supabase, invitation, accept), {
			ok: () => `/${params.summit}/delegation${accept ? '' : '/invited?done=declined'}`,
			not_found: () => refuse('', m.members_focal_gone())
		});
	})
};
