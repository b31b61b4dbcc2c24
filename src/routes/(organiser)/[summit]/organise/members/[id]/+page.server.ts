import { id, mailAddress, optionalText, requiredLines, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import { sectors } from '#lib/members/member.ts';
import { modes } from '#lib/registration/registration.ts';
import { standings } from '#lib/members/registry.ts';
import { applyAllowances, readAllowances } from '#lib/members/server/allowances.ts';
import { countryOptions } from '#lib/members/server/countries.ts';
import {
	endFocalPoint,
	inviteFocalPoint,
	memberHistory,
	nameFocalPoint,
	readMember,
	saveMember,
	withdrawFocalInvitation
} from '#lib/members/server/member.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const record = v.object({
	version: v.string(),
	name: requiredText(200),
	sector: v.picklist(sectors, 'Choose a sector.'),
	standing: v.picklist(standings, 'Choose a standing.'),
	country: v.optional(v.pipe(v.string(), v.regex(/^([A-Z]{2})?$/, 'Choose a country.')), ''),
	region: optionalText(80),
	website: optionalText(300)
});
const exception = v.object({
	version: v.string(),
	mode: v.picklist(modes),
	ceiling: wholeNumber(0, 500),
	reserved_until: optionalText(20),
	reason: requiredLines(500, () => 'Enter a reason: it is kept in the history.')
});
const ending = v.object({ version: v.string(), mode: v.picklist(modes), take: v.literal('away') });
const person = v.object({ person: v.pipe(v.string('Choose a person.'), v.uuid('Choose a person.')) });

const refusals: Record<string, [field: string, words: string]> = {
	conflict: ['', 'Somebody else has changed this meanwhile. Load the page again, then change it.'],
	taken: ['name', 'Another member is called so. If it is the same one, merge the two.'],
	not_lasting: ['name', 'Name and website are set by a newer Summit.'],
	stranded: ['sector', 'More seats are in use than this would allow. Give the member an exception first.'],
	not_allowed: ['', 'Your role does not include it.']
};

export const load: PageServerLoad = async ({ locals, params }) => {
	const { summit } = locals;
	const [member, history, allowances] = await Promise.all([
		readMember(locals.supabase, summit.id, params.id),
		memberHistory(locals.supabase, summit.id, params.id).catch(() => null),
		readAllowances(locals.supabase, summit.id)
	]);
	if (!member) error(404, m.ui_not_found());
	if ('moved_to' in member) redirect(303, href(`/${params.summit}/organise/members/${member.moved_to}`));
	return {
		member,
		history,
		allowances: allowances?.version ?? '',
		countries: countryOptions(),
		mayChange: holdsRole(locals.viewer, summit.id, 'registration')
	};
};

function back(params: { summit: string; id: string }, done: string): never {
	redirect(303, href(`/${params.summit}/organise/members/${params.id}?done=${done}`));
}

export const actions: Actions = {
	save: formAction('save', record, async ({ version, ...fields }, { locals, params }) => {
		const name = fields.name.replace(/\s+/g, ' ');
		const saved = await saveMember(locals.supabase, locals.summit.id, params.id, version, { ...fields, name });
		if (saved.status === 'ok') return back(params, 'saved');
		if (saved.status === 'not_found') error(404, m.ui_not_found());
		const fault = saved.status === 'invalid' ? saved.fault : '';
		const [field, words] = refusals[saved.status] ?? [fault, 'This is not as it must be.'];
		return refuse(field, words, saved.status === 'invalid' ? 422 : 409);
	}),
	exception: async ({ locals, params, request }) => {
		const { summit } = locals;
		const data = await request.formData();
		const isEnd = data.has('take');
		const name = isEnd ? `exception-${String(data.get('mode'))}` : 'exception';
		const parsed = isEnd ? parseForm(data, ending, name) : parseForm(data, exception, name);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const given = parsed.output;
		const until =
			'reserved_until' in given && given.reserved_until ? instantOf(given.reserved_until, summit.zone) : null;
		const change =
			'ceiling' in given
				? {
						member_id: params.id,
						mode: given.mode,
						ceiling: given.ceiling,
						reserved_until: until,
						reason: given.reason
					}
				: { member_id: params.id, mode: given.mode, ceiling: null };
		const reason = 'reason' in given ? given.reason : '';
		const saved = await applyAllowances(locals.supabase, summit.id, { exceptions: [change] }, given.version, reason);
		if (saved.status === 'ok') return back(params, isEnd ? 'ended' : 'exception');
		const words =
			saved.status === 'stranded' ? 'More seats are in use than this would allow.' : refusals[saved.status]?.[1];
		return fail(409, { form: withIssue(parsed.form, isEnd ? '' : 'ceiling', words ?? 'This is not as it must be.') });
	},
	invite: formAction('invite', v.object({ mail: mailAddress() }), async ({ mail }, { locals, params }) => {
		const status = await inviteFocalPoint(locals.supabase, locals.summit.id, params.id, mail);
		if (status === 'ok') return back(params, 'asked');
		const words = status === 'limited' ? 'You have asked 500 people today. Go on tomorrow.' : 'The offer was not sent.';
		return refuse('mail', words);
	}),
	withdraw: formAction('withdraw', v.object({ invitation: id() }), async ({ invitation }, { locals, params }) => {
		await withdrawFocalInvitation(locals.supabase, invitation);
		return back(params, 'taken-back');
	}),
	focal: formAction('focal', person, async ({ person }, { locals, params }) => {
		if (await nameFocalPoint(locals.supabase, locals.summit.id, params.id, person)) return back(params, 'named');
		return refuse('person', 'Not saved.');
	}),
	end: formAction('end', person, async ({ person }, { locals, params }) => {
		if (await endFocalPoint(locals.supabase, locals.summit.id, params.id, person)) return back(params, 'ended');
		return refuse('', 'Nothing was changed.');
	})
};
