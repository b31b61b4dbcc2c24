import { logisticsState } from '#lib/logistics/server/logistics.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { formAction } from '#lib/forms/server/action.ts';
import { checkbox, id, requiredLines } from '#lib/forms/fields.ts';
import { href } from '#lib/i18n/locale.ts';
import {
	answerInformation,
	answerOffer,
	leaveQueue,
	myDesk,
	myRegistration
} from '#lib/registration/server/registrations.ts';
import {
	agreeForWard,
	giveGuardianConsent,
	myGuardianship,
	refuseGuardianship
} from '#lib/registration/server/guardians.ts';
import { myAliasTraces } from '#lib/safeguarding/server/traces.ts';
import { nextSessions } from '#lib/registration/server/next-sessions.ts';
import { registrationOpen } from '#lib/summits/summit.ts';
import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const answers = v.object({ entry: id(), answer: v.picklist(['accept', 'decline']) });
const leaving = v.object({ registration: id(), mode: v.picklist(['in_person', 'virtual']) });

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase, viewer } = locals;
	const now = Date.now();
	const [registration, guardianship, next, desk, details, traces] = await Promise.all([
		myRegistration(supabase, summit.id),
		myGuardianship(supabase, summit.id),
		viewer?.personId ? nextSessions(viewer.personId, summit, now) : [],
		myDesk(supabase, summit.id),
		logisticsState(supabase, summit.id),
		viewer?.hasAlias ? myAliasTraces(supabase) : null
	]);
	return {
		registration,
		guardianship,
		details,
		traces,
		next,
		desk,
		open: registrationOpen(summit, now),
		freezesAt: summit.names_freeze_at,
		done: url.searchParams.get('done')
	};
};

const answerSchema = v.object({ request: id(), answer: requiredLines(4000) });

export const actions: Actions = {
	answer: formAction('answer', answerSchema, async ({ request, answer }, { locals, params }) => {
		const status = await answerInformation(locals.supabase, request, answer);
		return `/${params.summit}/me?done=${status === 'ok' ? 'answered' : 'unanswered'}`;
	}),
	consent: async ({ locals, params, request }) => {
		const parsed = parseForm(await request.formData(), v.object({ registration: id() }));
		const status = parsed.ok ? await giveGuardianConsent(locals.supabase, parsed.output.registration) : '';
		redirect(303, href(`/${params.summit}/me?done=${status === 'ok' ? 'consented' : 'nothing'}`));
	},
	refuse: async ({ locals, params, request }) => {
		const parsed = parseForm(await request.formData(), v.object({ registration: id() }));
		const status = parsed.ok ? await refuseGuardianship(locals.supabase, parsed.output.registration) : '';
		redirect(303, href(`/${params.summit}/me?done=${status === 'ok' ? 'refused' : 'nothing'}`));
	},
	ward: async ({ locals, params, request }) => {
		const parsed = parseForm(
			await request.formData(),
			v.object({ registration: id(), on_stage: checkbox(), recorded: checkbox() })
		);
		if (!parsed.ok) redirect(303, href(`/${params.summit}/me?done=nothing`));
		const { registration, ...lets } = parsed.output;
		const status = await agreeForWard(locals.supabase, registration, lets);
		redirect(303, href(`/${params.summit}/me?done=${status === 'ok' ? 'ward' : 'nothing'}`));
	},
	offer: async ({ locals, params, request }) => {
		const parsed = parseForm(await request.formData(), answers);
		const back = (done: string) => redirect(303, href(`/${params.summit}/me?done=${done}`));
		if (!parsed.ok) return back('gone');
		const { entry, answer } = parsed.output;
		const { status } = await answerOffer(locals.supabase, entry, answer === 'accept');
		if (status === 'awaiting_payment' || status === 'payment_due') return back('payment');
		if (!['ok', 'confirmed', 'declined', 'withdrawn'].includes(status)) return back('gone');
		return back(answer === 'accept' ? 'accepted' : 'declined');
	},
	leave: async ({ locals, params, request }) => {
		const parsed = parseForm(await request.formData(), leaving);
		const left =
			parsed.ok && (await leaveQueue(locals.supabase, parsed.output.registration, parsed.output.mode)).status === 'ok';
		redirect(303, href(`/${params.summit}/me?done=${left ? 'left' : 'gone'}`));
	}
};
