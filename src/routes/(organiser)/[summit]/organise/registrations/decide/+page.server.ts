import { list, optionalText } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { decideRegistrations, namesOf } from '#lib/registration/server/accreditation.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const most = 100;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const answers = v.pipe(
	v.object({
		decision: v.picklist(['accredit', 'decline']),
		reason: optionalText(2000),
		'id[]': v.pipe(list(v.pipe(v.string(), v.regex(uuid))), v.minLength(1, 'Nobody is chosen.'), v.maxLength(most))
	}),
	v.forward(
		v.partialCheck(
			[['decision'], ['reason']],
			({ decision, reason }) => decision !== 'decline' || reason.length > 2,
			'Write the reason: it is sent with each mail.'
		),
		['reason']
	)
);

export const load: PageServerLoad = async ({ locals, url, params }) => {
	if (!locals.summit) error(404);
	const ids = [...new Set(url.searchParams.getAll('id'))].filter((each) => uuid.test(each)).slice(0, most);
	const people = await namesOf(locals.supabase, locals.summit.id, ids);
	if (people.length === 0) redirect(303, href(`/${params.summit}/organise/registrations?done=`));
	return {
		decision: url.searchParams.get('decision') === 'decline' ? ('decline' as const) : ('accredit' as const),
		people
	};
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		if (!locals.summit) error(404);
		const parsed = parseForm(await request.formData(), answers);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { decision, reason, 'id[]': ids } = parsed.output;
		// Those of another Summit are as unknown as those who do not exist.
		const people = await namesOf(locals.supabase, locals.summit.id, ids);
		const outcomes = await decideRegistrations(
			locals.supabase,
			people.map((person) => person.id),
			decision,
			reason
		);
		redirect(
			303,
			href(`/${params.summit}/organise/registrations?done=${outcomes.map(({ status }) => status).join('.')}`)
		);
	}
};
