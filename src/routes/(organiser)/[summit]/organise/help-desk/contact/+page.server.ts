import { holdsRole } from '#lib/accounts/viewer.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { readEmergencyContact } from '#lib/registration/server/emergency-contacts.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** Where the help desk and safeguarding open the emergency contact of one person. */
export const load: PageServerLoad = ({ locals: { summit, viewer }, url, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	return {
		reference: url.searchParams.get('reference') ?? '',
		isAtDesk: holdsRole(viewer, summit.id, 'registration')
	};
};

const schema = v.object({ reference: requiredText(20) });

export const actions: Actions = {
	default: formAction(schema, async ({ reference }, { locals: { summit, supabase } }) =>
		byStatus(await readEmergencyContact(supabase, summit.id, reference), {
			// Shown once, in the answer: an address with the contact would stay in the history.
			ok: ({ of, contact }) => ({ opened: { of, contact } }),
			none: () => refuse('', m.help_desk_contact_none()),
			protected: () => refuse('', m.help_desk_contact_protected()),
			not_found: () => refuse('reference', m.help_desk_contact_not_found(), 422),
			not_allowed: () => refuse('', m.help_desk_contact_not_allowed())
		})
	)
};
