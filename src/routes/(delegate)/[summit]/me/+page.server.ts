import { logisticsState } from '#lib/logistics/server/logistics.ts';
import { unansweredSurveys } from '#lib/evaluation/server/answering.ts';
import { formAction } from '#lib/forms/server/action.ts';
import { checkbox, id, requiredLines } from '#lib/forms/fields.ts';
import {
	answerInformation,
	answerOffer,
	leaveQueue,
	myDesk,
	myRegistration
} from '#lib/registration/server/registrations.ts';
import {
	agreeForMinor,
	giveGuardianConsent,
	myGuardianship,
	refuseGuardianship
} from '#lib/registration/server/guardians.ts';
import { myAliasTraces } from '#lib/safeguarding/server/traces.ts';
import { nextSessions } from '#lib/registration/server/next-sessions.ts';
import { givesSeats, registrationOpen } from '#lib/summits/registration-window.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const ofRegistration = v.object({ registration: id() });
const permissions = v.object({ registration: id(), on_stage: checkbox(), recorded: checkbox() });
const answers = v.object({ entry: id(), answer: v.picklist(['accept', 'decline']) });
const leaving = v.object({ registration: id(), mode: v.picklist(['in_person', 'virtual']) });

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase, viewer } = locals;
	const now = Date.now();
	const [registration, guardianship, next, desk, details, traces, surveys] = await Promise.all([
		myRegistration(supabase, summit.id),
		myGuardianship(supabase, summit.id),
		viewer?.personId ? nextSessions(viewer.personId, summit, now) : [],
		myDesk(supabase, summit.id),
		logisticsState(supabase, summit.id),
		viewer?.hasAlias ? myAliasTraces(supabase) : null,
		unansweredSurveys(supabase, summit.id)
	]);
	return {
		registration,
		guardianship,
		details,
		traces,
		surveys,
		next,
		desk,
		open: registrationOpen(summit, now),
		givesSeats: givesSeats(summit, now),
		freezesAt: summit.names_freeze_at,
		rooms: summit.rooms,
		done: url.searchParams.get('done')
	};
};

const answerSchema = v.object({ request: id(), answer: requiredLines(4000) });

export const actions: Actions = {
	answer: formAction('answer', answerSchema, async ({ request, answer }, { locals, params }) => {
		const status = await answerInformation(locals.supabase, request, answer);
		const done = { ok: 'answered', not_found: 'unanswered', invalid: 'unanswered', wrong_state: 'unanswered' };
		return `/${params.summit}/me?done=${done[status]}`;
	}),
	consent: formAction('consent', ofRegistration, async ({ registration }, { locals, params }) => {
		const status = await giveGuardianConsent(locals.supabase, registration);
		const done = { ok: 'consented', not_found: 'nothing', already: 'consented', register_first: 'register_first' };
		return `/${params.summit}/me?done=${done[status]}`;
	}),
	refuse: formAction('refuse', ofRegistration, async ({ registration }, { locals, params }) => {
		const status = await refuseGuardianship(locals.supabase, registration);
		return `/${params.summit}/me?done=${status === 'ok' ? 'refused' : 'nothing'}`;
	}),
	minor: formAction('minor', permissions, async ({ registration, ...permitted }, { locals, params }) => {
		const status = await agreeForMinor(locals.supabase, registration, permitted);
		return `/${params.summit}/me?done=${status === 'ok' ? 'minor' : 'nothing'}`;
	}),
	offer: formAction('offer', answers, async ({ entry, answer }, { locals, params }) => {
		const { status } = await answerOffer(locals.supabase, entry, answer === 'accept');
		const decided = answer === 'accept' ? 'accepted' : 'declined';
		const done = {
			ok: decided,
			confirmed: decided,
			declined: decided,
			withdrawn: decided,
			awaiting_payment: 'payment',
			payment_due: 'payment',
			lapsed: 'gone',
			wrong_state: 'gone',
			not_found: 'gone'
		};
		return `/${params.summit}/me?done=${done[status]}`;
	}),
	leave: formAction('leave', leaving, async ({ registration, mode }, { locals, params }) => {
		const { status } = await leaveQueue(locals.supabase, registration, mode);
		return `/${params.summit}/me?done=${{ ok: 'left', wrong_state: 'gone', not_found: 'gone' }[status]}`;
	})
};
