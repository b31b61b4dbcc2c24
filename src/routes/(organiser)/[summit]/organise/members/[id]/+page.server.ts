import { byStatus } from '#lib/database/by-status.ts';
import { id, mailAddress, optionalText, requiredLines, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import { sectors } from '#lib/members/member.ts';
import { modes } from '#lib/registration/registration.ts';
import { standings } from '#lib/members/registry.ts';
import { applyAllowances, readAllowances } from '#lib/members/server/allowances.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
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
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const record = v.object({
	version: v.string(),
	name: requiredText(200),
	sector: v.picklist(sectors, m.registration_member_sector_missing),
	standing: v.picklist(standings, m.members_standing_missing),
	country: v.optional(v.pipe(v.string(), v.regex(/^([A-Z]{2})?$/, m.members_country_missing)), ''),
	region: optionalText(80),
	website: optionalText(300)
});
const exception = v.object({
	version: v.string(),
	mode: v.picklist(modes),
	ceiling: wholeNumber(0, 500),
	reserved_until: optionalText(20),
	reason: requiredLines(500, () => m.members_reason_missing())
});
const ending = v.object({ version: v.string(), mode: v.picklist(modes), take: v.literal('away') });
const person = v.object({ person: v.pipe(v.string(m.members_person_missing), v.uuid(m.members_person_missing)) });

const changed = m.members_changed_meanwhile;
const noRight = m.members_no_right;
const wrong = m.members_wrong;

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
		countries: sortedCountries(),
		mayChange: holdsRole(locals.viewer, summit.id, 'registration')
	};
};

function back(params: { summit: string; id: string }, done: string): never {
	redirect(303, href(`/${params.summit}/organise/members/${params.id}?done=${done}`));
}

const exceptionForm = (_: RequestEvent, data: FormData) =>
	data.has('take')
		? { schema: ending, name: `exception-${String(data.get('mode'))}` }
		: { schema: exception, name: 'exception' };

export const actions: Actions = {
	save: formAction('save', record, async ({ version, ...fields }, { locals, params }) => {
		const name = fields.name.replace(/\s+/g, ' ');
		const saved = await saveMember(locals.supabase, locals.summit.id, params.id, version, { ...fields, name });
		return byStatus(saved, {
			ok: () => back(params, 'saved'),
			conflict: () => refuse('', changed()),
			taken: () => refuse('name', m.members_name_taken()),
			not_lasting: () => refuse('name', m.members_name_not_lasting()),
			stranded: () => refuse('sector', m.members_stranded_first()),
			invalid: ({ fault }) => refuse(fault, wrong(), 422),
			not_allowed: () => refuse('', noRight()),
			not_found: notFound
		});
	}),
	exception: formAction(exceptionForm, async (given, { locals, params }) => {
		const { summit } = locals;
		const isEnd = 'take' in given;
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
		const refused = (words: string) => () => refuse(isEnd ? '' : 'ceiling', words);
		return byStatus(saved, {
			ok: () => back(params, isEnd ? 'ended' : 'exception'),
			conflict: refused(changed()),
			stranded: refused(m.members_stranded()),
			invalid: refused(wrong()),
			not_allowed: refused(noRight())
		});
	}),
	invite: formAction('invite', v.object({ mail: mailAddress() }), async ({ mail }, { locals, params }) => {
		const status = await inviteFocalPoint(locals.supabase, locals.summit.id, params.id, mail);
		const notSent = () => refuse('mail', m.members_offer_not_sent());
		return byStatus(status, {
			ok: () => back(params, 'asked'),
			limited: () => refuse('mail', m.members_offer_limited()),
			invalid: notSent,
			not_found: notSent,
			not_allowed: notSent
		});
	}),
	withdraw: formAction('withdraw', v.object({ invitation: id() }), async ({ invitation }, { locals, params }) => {
		await withdrawFocalInvitation(locals.supabase, invitation);
		return back(params, 'taken-back');
	}),
	focal: formAction('focal', person, async ({ person }, { locals, params }) => {
		if (await nameFocalPoint(locals.supabase, locals.summit.id, params.id, person)) return back(params, 'named');
		return refuse('person', m.members_not_saved());
	}),
	end: formAction('end', person, async ({ person }, { locals, params }) => {
		if (await endFocalPoint(locals.supabase, locals.summit.id, params.id, person)) return back(params, 'ended');
		return refuse('', m.members_nothing_changed());
	})
};
