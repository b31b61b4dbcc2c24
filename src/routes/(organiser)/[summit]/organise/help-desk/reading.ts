import { badgeQuery } from '#lib/badges/list.ts';
import { listBadges } from '#lib/badges/server/badges.ts';
import { isId } from '#lib/forms/ids.ts';
import { readRegistration } from '#lib/registration/server/accreditation.ts';
import { error } from '@sveltejs/kit';

/** The registration in the address; a draft, or one of another Summit, is not found. */
export async function personOf({
	locals: { summit, supabase },
	params
}: {
	locals: App.Locals;
	params: { registration: string };
}) {
	if (!isId(params.registration)) error(404);
	const registration = await readRegistration(supabase, params.registration);
	if (!registration || registration.state === 'draft' || registration.summit_id !== summit.id) error(404);
	return { registration, summit, supabase };
}

/** The members to choose from at the desk: those of the badge filters, without a badge. */
export async function membersAtDesk({ supabase }: App.Locals, summit: string) {
	const list = await listBadges(supabase, summit, badgeQuery(new URLSearchParams()), 0);
	return list?.members ?? error(403);
}
