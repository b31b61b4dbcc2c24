import { optionalText, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import { endFocalPoint, nameFocalPoint, readMember, saveException } from '#lib/members/server/member.ts';
import { seatsLeft } from '#lib/registration/server/registrations.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const exception = v.object({
	mode: v.picklist(['in_person', 'virtual']),
	ceiling: wholeNumber(0, 500),
	reason: requiredText(500, () => 'Write why: it stands in the audit.')
});
const person = v.object({
	person: v.pipe(v.string('Choose a person.'), v.uuid('Choose a person.')),
	note: optionalText(1)
});

async function memberOf(locals: App.Locals, id: string) {
	if (!locals.summit) error(404, m.shell_not_found());
	const member = await readMember(locals.supabase, locals.summit.id, id);
	if (!member) error(404, m.shell_not_found());
	return { member, summit: locals.summit.id, supabase: locals.supabase };
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const { member, summit, supabase } = await memberOf(locals, params.id);
	return {
		member,
		seats: await seatsLeft(supabase, summit, member.id),
		mayChange: holdsRole(locals.viewer, summit, 'registration')
	};
};

function back(params: { summit: string; id: string }): never {
	redirect(303, href(`/${params.summit}/organise/members/${params.id}`));
}

export const actions: Actions = {
	exception: async ({ locals, params, request }) => {
		const { summit, supabase } = await memberOf(locals, params.id);
		const parsed = parseForm(await request.formData(), exception, 'exception');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const saved = await saveException(supabase, summit, params.id, parsed.output);
		if (saved) return back(params);
		const message = 'Not saved: more seats are in use than this, or your role does not include it.';
		return fail(409, { form: withIssue(parsed.form, 'ceiling', message) });
	},
	focal: async ({ locals, params, request }) => {
		const { summit, supabase } = await memberOf(locals, params.id);
		const parsed = parseForm(await request.formData(), person, 'focal');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		if (await nameFocalPoint(supabase, summit, params.id, parsed.output.person)) return back(params);
		return fail(409, { form: withIssue(parsed.form, 'person', 'Not saved.') });
	},
	end: async ({ locals, params, request }) => {
		const { summit, supabase } = await memberOf(locals, params.id);
		const parsed = parseForm(await request.formData(), person, 'end');
		if (!parsed.ok || !(await endFocalPoint(supabase, summit, params.id, parsed.output.person))) {
			return fail(409, { form: withIssue(parsed.form, '', 'Nothing was changed.') });
		}
		return back(params);
	}
};
