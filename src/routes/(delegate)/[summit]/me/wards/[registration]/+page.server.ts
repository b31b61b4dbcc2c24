import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, id } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { readWardEmergencyContact } from '#lib/registration/server/emergency-contacts.ts';
import { readWard, setWardConsent, setWardPhotographs } from '#lib/registration/server/guardians.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const isUuid = (value: string) => v.is(id(), value);

/** The registration in the address; anything else is not found. */
function registrationOf({ params }: Pick<RequestEvent, 'params'>): string {
	if (!isUuid(params.registration)) notFound();
	return params.registration;
}

/** Everything here that concerns a minor, for their guardian alone. */
export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	const ward = await readWard(locals.supabase, registrationOf({ params }));
	if (!ward) notFound();
	return { ward, contacts: locals.summit.contacts, done: url.searchParams.get('done') };
};

const consent = v.object({ item: id(), given: checkbox() });
const photographs = v.object({ forbidden: checkbox() });
const here = ({ params }: Pick<RequestEvent, 'params'>) =>
	`/${params.summit}/me/wards/${params.registration}?done=saved`;

export const actions: Actions = {
	consent: formAction('consent', consent, async ({ item, given }, event: RequestEvent) =>
		byStatus(await setWardConsent(event.locals.supabase, registrationOf(event), item, given), {
			ok: () => here(event),
			not_found: notFound,
			not_given: () => refuse('', m.registration_ward_not_given()),
			required: () => refuse('', m.registration_ward_consent_required()),
			reworded: () => refuse('', m.registration_ward_consent_reworded())
		})
	),
	photographs: formAction('photographs', photographs, async ({ forbidden }, event: RequestEvent) =>
		byStatus(await setWardPhotographs(event.locals.supabase, registrationOf(event), forbidden), {
			ok: () => here(event),
			not_found: notFound
		})
	),
	contact: formAction('contact', v.object({}), async (_, event: RequestEvent) =>
		byStatus(await readWardEmergencyContact(event.locals.supabase, registrationOf(event)), {
			ok: ({ contact }) => ({ contact }),
			none: () => refuse('', m.registration_ward_emergency_none()),
			protected: () => refuse('', m.registration_ward_emergency_hidden()),
			not_found: notFound
		})
	)
};
