import { holdsRole } from '#lib/accounts/viewer.ts';
import { reissueBadge } from '#lib/badges/server/badges.ts';
import { drawCode } from '#lib/door/server/picture.ts';
import { id, requiredLines } from '#lib/forms/fields.ts';
import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import { checks, noCodeSentence, refusalSentence } from '#lib/help-desk/desk.ts';
import { issueDeskCode, readAtDesk } from '#lib/help-desk/server/desk.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { decideRegistrations } from '#lib/registration/server/accreditation.ts';
import { reassignSeat } from '#lib/registration/server/delegation.ts';
import { joinQueue, quoteSwitch, switchMode } from '#lib/registration/server/registrations.ts';
import { readFinanceOrder } from '#lib/payments/server/money.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { actFromForm, issueInvoice, waiverRefused } from '../../money/acts.ts';
import { personOf } from '../reading.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async (event) => {
	const { registration, summit, supabase } = await personOf(event);
	const other = registration.mode === 'in_person' ? 'virtual' : 'in_person';
	const [desk, quote] = await Promise.all([
		readAtDesk(supabase, registration.id),
		quoteSwitch(supabase, registration.id, other)
	]);
	if (!desk) error(404);
	const address = `${event.url.origin}/${summit.slug}/me/pay`;
	const owes = registration.order?.is_open === true && registration.order.balance > 0;
	const order =
		owes && registration.order && holdsRole(event.locals.viewer, summit.id, 'finance')
			? await readFinanceOrder(supabase, summit.id, registration.order.id)
			: null;
	return {
		registration,
		desk,
		other,
		quote,
		pay: owes ? { address, code: drawCode(address) } : null,
		/** For finance alone. */
		order
	};
};

// Back to the search, for whoever stands behind.
function done(event: RequestEvent, what: string, who = event.params.registration): never {
	redirect(303, href(`/${event.params.summit}/organise/help-desk?done=${what}&who=${who}`));
}

function refuse(form: FormResult, status: string) {
	const words = refusalSentence(status) ?? m.helpdesk_unchanged_look();
	return fail(409, { form: withIssue(form, '', words) });
}

const accredited = ['confirmed', 'awaiting_payment', 'accredited', 'proposed', 'proposal_open', 'needs_a_word'];
const moving = v.object({
	mode: v.picklist(['in_person', 'virtual']),
	act: v.picklist(['switch', 'queue']),
	version: v.string()
});

async function decide(event: RequestEvent, decision: 'accredit' | 'confirm') {
	const { registration, supabase } = await personOf(event);
	const [answer] = await decideRegistrations(supabase, [registration.id], decision, '');
	const status = answer?.status ?? 'failed';
	if (accredited.includes(status)) done(event, status);
	return refuse({ values: {}, issues: [] }, status);
}

export const actions: Actions = {
	accredit: (event) => decide(event, 'accredit'),
	// What another of the desk proposed.
	confirm: (event) => decide(event, 'confirm'),
	mode: async (event) => {
		const { registration, supabase } = await personOf(event);
		const parsed = parseForm(await event.request.formData(), moving, 'mode');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { mode, act, version } = parsed.output;
		if (String(registration.version) !== version) return refuse(parsed.form, 'changed');
		const { status } = await (act === 'queue' ? joinQueue : switchMode)(supabase, registration.id, mode);
		if (status === 'queued' || status === 'offered') done(event, 'queued');
		if (status === 'awaiting_payment' || status === 'payment_due') done(event, status);
		if (status === 'ok') done(event, mode);
		return refuse(parsed.form, status);
	},
	invoice: async (event) => {
		const { registration } = await personOf(event);
		return issueInvoice(registration.order?.id ?? error(404), event);
	},
	waive: ({ request, locals }) =>
		actFromForm({
			request,
			locals,
			form: 'waive',
			schema: v.object({ request: id(), answer: requiredLines(500, m.helpdesk_waiver_why_missing) }),
			call: (input) => ['decide_waiver', { request: input.request, approve: true, amount: null, answer: input.answer }],
			refused: {
				...waiverRefused(),
				over_budget: m.helpdesk_waiver_budget()
			},
			done: () => m.helpdesk_waiver_done()
		}),
	hand: async (event) => {
		const { registration, supabase } = await personOf(event);
		const parsed = parseForm(await event.request.formData(), v.object({ colleague: id() }), 'hand');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await reassignSeat(supabase, registration.id, parsed.output.colleague);
		if (status === 'ok') done(event, 'handed', parsed.output.colleague);
		return refuse(parsed.form, status);
	},
	replace: async (event) => {
		const { registration, supabase } = await personOf(event);
		const schema = v.object({ badge: id(), reason: requiredLines(200) });
		const parsed = parseForm(await event.request.formData(), schema, 'replace');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { badge, reason } = parsed.output;
		const { status } = await reissueBadge(supabase, registration.id, badge, reason);
		if (status === 'ok') done(event, 'badge');
		return refuse(parsed.form, status);
	},
	code: async (event) => {
		const { registration, supabase } = await personOf(event);
		const checked = v.picklist(checks, m.helpdesk_check_missing);
		const parsed = parseForm(await event.request.formData(), v.object({ checked }), 'code');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { status, code, expires_at } = await issueDeskCode(supabase, registration.id, parsed.output.checked);
		if (status === 'ok' && expires_at) {
			const address = `${event.url.origin}/sign-in/desk`;
			return { shown: { code, expires_at, address, picture: drawCode(address) } };
		}
		return fail(409, { form: withIssue(parsed.form, '', noCodeSentence(status)) });
	}
};
