import { byStatus } from '#lib/database/by-status.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import { checkbox, id, optionalLines, optionalText, requiredLines, requiredText } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { formActionsAbout, refuse } from '#lib/forms/server/action.ts';
import { categoryRefusal } from '#lib/help-desk/category.ts';
import { previewProposed } from '#lib/help-desk/server/category.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dayAndClock } from '#lib/i18n/time.ts';
import { decisions } from '#lib/registration/accreditation.ts';
import {
	isDone,
	meanwhile,
	decisionRefusalSentence,
	type DecisionOutcome,
	type DecisionRefusal
} from '#lib/registration/accreditation-words.ts';
import {
	addNote,
	requestInformation,
	closeInformation,
	decideRegistrations,
	readRegistration
} from '#lib/registration/server/accreditation.ts';
import { nameGuardian, readGuardian } from '#lib/registration/server/guardians.ts';
import { endOfDay, isDate } from '#lib/summits/local-time.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const answers = v.pipe(
	v.object({ decision: v.picklist(decisions), reason: optionalLines(2000), next: optionalText(36) }),
	v.forward(
		v.partialCheck(
			[['decision'], ['reason']],
			({ decision, reason }) => decision !== 'decline' || reason.length > 2,
			() => m.registration_decide_reason_missing()
		),
		['reason']
	)
);
const asking = v.object({
	question: v.pipe(
		requiredLines(2000),
		v.minLength(3, () => m.registration_ask_empty())
	),
	deadline: v.pipe(
		requiredText(10, m.registration_ask_day),
		v.check(isDate, () => m.registration_ask_no_date())
	)
});
const closing = v.object({ request: id() });
const noting = v.object({ note: requiredLines(4000), for_safeguarding: checkbox() });

const refusals = {
	not_allowed: m.registration_refused_not_allowed,
	wrong_state: m.registration_refused_wrong_state,
	proposal_open: m.registration_refused_proposal_open,
	no_proposal: m.registration_refused_no_proposal,
	second_person_needed: m.registration_refused_second_person,
	proposer_left: m.registration_refused_proposer_left,
	needs_safeguarding: m.registration_refused_safeguarding,
	failed: m.registration_refused_failed,
	reason_needed: m.registration_refused_reason
};
const isGeneral = (status: string): status is keyof typeof refusals => status in refusals;

function refusalOf(outcome: DecisionOutcome & { status: DecisionRefusal }, zone: string): string {
	const { status } = outcome;
	// Every other one is about the category.
	const words = isGeneral(status) ? refusals[status]() : categoryRefusal({ status });
	return decisionRefusalSentence(
		words,
		meanwhile(outcome, (at) => dayAndClock(at, zone))
	);
}

/** The address of the list as it was, without the action's name. */
function listSearch(url: URL): URLSearchParams {
	return new URLSearchParams([...url.searchParams].filter(([name]) => !name.startsWith('/') && name !== 'done'));
}

async function registrationOf(locals: App.Locals, id: string) {
	if (!locals.summit || !isId(id)) error(404, m.ui_not_found());
	const registration = await readRegistration(locals.supabase, id);
	if (!registration || registration.summit_id !== locals.summit.id) error(404, m.ui_not_found());
	return registration;
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const registration = await registrationOf(locals, params.id);
	const isProposed = registration.proposals.some(
		({ state, decision }) => state === 'open' && decision === 'change_category'
	);
	const [guardian, change] = await Promise.all([
		registration.is_minor ? readGuardian(locals.supabase, registration.id) : null,
		isProposed && !registration.is_own ? previewProposed(locals.supabase, registration.id) : null
	]);
	return { registration, guardian, change };
};

const guardianRefusals: Record<RefusalOf<'name_guardian'>, () => string> = {
	not_found: m.registration_minor_late,
	invalid: m.registration_guardian_wrong,
	limited: m.registration_minor_limited
};

const guardianSchema = v.object({ guardian: requiredText(254) });

const about = formActionsAbout(({ locals, params }: RequestEvent) => registrationOf(locals, params.id));

export const actions: Actions = {
	guardian: about('guardian', guardianSchema, async ({ guardian }, { locals, params, url }, _, { id }) => {
		const status = await nameGuardian(locals.supabase, id, guardian);
		if (status !== 'ok') return refuse('guardian', guardianRefusals[status]());
		return `/${params.summit}/organise/registrations/${id}?${listSearch(url)}`;
	}),
	decide: about(undefined, answers, async ({ decision, reason, next }, { locals, params, url }, _, { id }) => {
		const [outcome] = await decideRegistrations(locals.supabase, [id], decision, reason);
		const { status } = outcome ?? error(404, m.ui_not_found());
		if (!isDone(status))
			return refuse(status === 'reason_needed' ? 'reason' : '', refusalOf({ ...outcome, status }, locals.summit.zone));
		const search = listSearch(url);
		search.set('done', status);
		const base = href(`/${params.summit}/organise/registrations`);
		redirect(303, `${base}${isId(next) ? `/${next}` : ''}?${search}`);
	}),
	ask: about('ask', asking, async (input, { locals, params, url }, _, { id }) => {
		// Until the end of that day by the venue's clock.
		const deadline = endOfDay(input.deadline, locals.summit.zone) ?? '';
		const status = await requestInformation(locals.supabase, id, input.question, deadline);
		const nothing = () => refuse('', m.registration_ask_nothing());
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/registrations/${id}?${listSearch(url)}`,
			invalid: () => refuse('deadline', m.registration_ask_sixty(), 422),
			already: () => refuse('', m.registration_ask_already()),
			wrong_state: nothing,
			not_allowed: nothing
		});
	}),
	close: about('close', closing, async ({ request }, { locals, params, url }, _, { id }) => {
		await closeInformation(locals.supabase, request);
		return `/${params.summit}/organise/registrations/${id}?${listSearch(url)}`;
	}),
	note: about('note', noting, async ({ note, for_safeguarding }, { locals, params, url }, _, { id }) => {
		const status = await addNote(locals.supabase, id, note, for_safeguarding);
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/registrations/${id}?${listSearch(url)}`,
			invalid: () => refuse('note', m.registration_notes_invalid(), 422),
			not_allowed: () => refuse('', m.registration_notes_refused())
		});
	})
};
