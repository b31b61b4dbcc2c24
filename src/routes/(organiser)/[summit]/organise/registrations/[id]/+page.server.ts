import { optionalText, requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { decideRegistrations, readRegistration } from '#lib/registration/server/accreditation.ts';
import { linkGuardian, readGuardian } from '#lib/registration/server/guardians.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const answers = v.pipe(
	v.object({ decision: v.picklist(['accredit', 'decline']), reason: optionalText(2000), next: optionalText(36) }),
	v.forward(
		v.partialCheck(
			[['decision'], ['reason']],
			({ decision, reason }) => decision !== 'decline' || reason.length > 2,
			'Write the reason: it is sent with the mail.'
		),
		['reason']
	)
);

const refusals: Record<string, string> = {
	not_allowed: 'You cannot decide on this registration: it is your own, or your role does not include it.',
	wrong_state: 'It was decided already. Load the page to see by whom.',
	reason_needed: 'Write the reason: it is sent with the mail.',
	needs_a_word: 'This one needs a word with safeguarding first. They have been told.'
};

async function registrationOf(locals: App.Locals, id: string) {
	if (!locals.summit || !uuid.test(id)) error(404, m.shell_not_found());
	const registration = await readRegistration(locals.supabase, id);
	if (!registration || registration.summit_id !== locals.summit.id) error(404, m.shell_not_found());
	return registration;
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const registration = await registrationOf(locals, params.id);
	const guardian = registration.is_minor ? await readGuardian(locals.supabase, registration.id) : null;
	return { registration, guardian };
};

const guardianRefusals: Record<string, string> = {
	unknown_guardian: 'No adult with a live registration here has this reference.',
	wrong_state: 'It was sent already: the guardian can no longer be changed.'
};

export const actions: Actions = {
	guardian: async ({ locals, params, request, url }) => {
		const { id } = await registrationOf(locals, params.id);
		const parsed = parseForm(await request.formData(), v.object({ reference: requiredText(20) }), 'guardian');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await linkGuardian(locals.supabase, id, parsed.output.reference);
		const refusal = status === 'ok' ? null : (guardianRefusals[status] ?? 'You cannot link a guardian here.');
		if (refusal) return fail(409, { form: withIssue(parsed.form, 'reference', refusal) });
		const search = new URLSearchParams([...url.searchParams].filter(([name]) => !name.startsWith('/')));
		redirect(303, href(`/${params.summit}/organise/registrations/${id}?${search}`));
	},
	decide: async ({ locals, params, request, url }) => {
		const { id } = await registrationOf(locals, params.id);
		const parsed = parseForm(await request.formData(), answers);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { decision, reason, next } = parsed.output;
		const [outcome] = await decideRegistrations(locals.supabase, [id], decision, reason);
		const status = outcome?.status ?? '';
		if (refusals[status] !== undefined || status === '') {
			return fail(409, { form: withIssue(parsed.form, '', refusals[status] ?? 'Nothing was changed.') });
		}
		const search = new URLSearchParams([...url.searchParams].filter(([name]) => !name.startsWith('/')));
		search.set('done', status);
		const base = href(`/${params.summit}/organise/registrations`);
		redirect(303, `${base}${uuid.test(next) ? `/${next}` : ''}?${search}`);
	}
};
