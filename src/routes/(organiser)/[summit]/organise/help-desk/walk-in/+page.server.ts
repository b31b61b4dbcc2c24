import { checkbox, mailAddress, optionalText, requiredText } from '#lib/forms/fields.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { formAction, refuse, FormRefusal } from '#lib/forms/server/action.ts';
import { decidedByTwo, refusalSentence, walkInCategories } from '#lib/help-desk/desk.ts';
import { walkIn } from '#lib/help-desk/server/desk.ts';
import { m } from '#lib/i18n/messages.ts';
import { countryOptions } from '#lib/members/server/countries.ts';
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
		countries: countryOptions(),
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
const outcomes = ['confirmed', 'awaiting_payment', 'accredited', 'proposed', 'needs_a_word'];

export const actions: Actions = {
	default: formAction(schema, async ({ address, ...guest }, { locals: { summit, supabase }, params }, form) => {
		const answer = await walkIn(supabase, summit.id, guest, address);
		const { status } = answer;
		const desk = `/${params.summit}/organise/help-desk`;
		if (answer.status === 'exists') return `${desk}/${answer.id}`;
		if ('id' in answer && outcomes.includes(status)) return `${desk}?done=${status}&who=${answer.id}`;
		if (status === 'address_refused') return refuse('address', m.help_desk_refused_address());
		if (status === 'no_place')
			return fail(409, { form: withIssue(form, 'category', m.help_desk_refused_no_place()), isFull: true });
		if (status === 'closed') return refuse('', m.help_desk_walk_in_closed());
		if (answer.status !== 'invalid') return refuse('', refusalSentence(status) ?? m.help_desk_unchanged(), 422);
		const issues = answer.faults.map((path) => ({ path, message: faultWords[path]?.() ?? m.help_desk_field_wrong() }));
		return new FormRefusal(issues, 422);
	})
};
