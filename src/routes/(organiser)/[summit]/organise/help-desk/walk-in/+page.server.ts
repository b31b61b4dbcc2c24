import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, mailAddress, optionalText, requiredText } from '#lib/forms/fields.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { formAction, refuse, FormRefusal } from '#lib/forms/server/action.ts';
import { decidedByTwo, walkInCategories } from '#lib/help-desk/desk.ts';
import { walkIn } from '#lib/help-desk/server/desk.ts';
import { m } from '#lib/i18n/messages.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { readRules } from '#lib/registration/server/accreditation.ts';
import { seatsLeft } from '#lib/registration/server/registrations.ts';
import { fail } from '@sveltejs/kit';
import * as v from 'valibot';
import { membersAtDesk } from '../reading.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const [seats, members, rules] = await Promise.all([
		seatsLeft(locals.supabase, summit.id),
		membersAtDesk(locals, summit.id),
		readRules(locals.supabase, summit.id)
	]);
	const asked = url.searchParams.get('as');
	return {
		seats,
		members,
		countries: sortedCountries(),
		once: crypto.randomUUID(),
		/** The category that the desk chose. */
		as: walkInCategories.find((category) => category === asked) ?? 'delegate',
		twoDecide: decidedByTwo(rules)
	};
};

const schema = v.object({
	display_name: requiredText(120),
	office: optionalText(200),
	affiliation: optionalText(200),
	country: optionalText(2),
	address: v.union([v.literal(''), mailAddress()]),
	category: v.picklist(walkInCategories),
	member_id: optionalText(36),
	mode: v.picklist(['in_person', 'virtual']),
	agreed: checkbox(),
	once: optionalText(36)
});

const faultWords: Record<string, () => string> = {
	member_id: m.help_desk_member_needed,
	agreed: m.help_desk_agreed_missing
};
export const actions: Actions = {
	default: formAction(schema, async ({ address, ...guest }, { locals: { summit, supabase }, params }, form) => {
		const answer = await walkIn(supabase, summit.id, guest, address);
		const desk = `/${params.summit}/organise/help-desk`;
		const done = ({ status, id }: { status: string; id: string }) => `${desk}?done=${status}&who=${id}`;
		return byStatus(answer, {
			confirmed: done,
			awaiting_payment: done,
			accredited: done,
			proposed: done,
			needs_safeguarding: done,
			exists: ({ id }) => `${desk}/${id}`,
			address_refused: () => refuse('address', m.help_desk_refused_address()),
			no_place: () =>
				fail(409, { form: withIssue(form, 'category', m.help_desk_refused_no_place()), isFull: true as const }),
			closed: () => refuse('', m.help_desk_walk_in_closed()),
			missing: () => refuse('', m.help_desk_refused_missing(), 422),
			wrong_state: () => refuse('', m.help_desk_refused_wrong_state(), 422),
			not_allowed: () => refuse('', m.help_desk_refused_not_allowed(), 422),
			invalid: ({ faults }) => {
				const issues = faults.map((path) => ({ path, message: faultWords[path]?.() ?? m.help_desk_field_wrong() }));
				return new FormRefusal(issues, 422);
			}
		});
	})
};
