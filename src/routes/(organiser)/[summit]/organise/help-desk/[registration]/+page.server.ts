import { holdsRole } from '#lib/accounts/viewer.ts';
import { reissueBadge } from '#lib/badges/server/badges.ts';
import { drawCode } from '#lib/door/server/picture.ts';
import { id, requiredLines } from '#lib/forms/fields.ts';
import type { FormResult } from '#lib/forms/parse.ts';
import { formActionsAbout, refuse } from '#lib/forms/server/action.ts';
import { checks, noCodeSentence, helpDeskRefusalSentence } from '#lib/help-desk/desk.ts';
import { issueDeskCode, readAtDesk } from '#lib/help-desk/server/desk.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { isDone } from '#lib/registration/accreditation-words.ts';
import { decideRegistrations } from '#lib/registration/server/accreditation.ts';
import { reassignSeat } from '#lib/registration/server/delegation.ts';
import { joinQueue, quoteSwitch, switchMode } from '#lib/registration/server/registrations.ts';
import { givesSeats } from '#lib/summits/registration-window.ts';
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
		givesSeats: givesSeats(summit, Date.now()),
		pay: owes ? { address, code: drawCode(address) } : null,
		/** For finance only. */
		order,
		countries: order ? sortedCountries() : []
	};
};

// Returns to the search, for the next person in the queue.
function done(event: RequestEvent, what: string, who = event.params.registration): never {
	redirect(303, href(`/${event.params.summit}/organise/help-desk?done=${what}&who=${who}`));
}

const refused = (status: Parameters<typeof helpDeskRefusalSentence>[0]) => refuse('', helpDeskRefusalSentence(status));

const moving = v.object({
	mode: v.picklist(['in_person', 'virtual']),
	act: v.picklist(['switch', 'queue']),
	version: v.string()
});

async function decide(event: RequestEvent, decision: 'accredit' | 'confirm') {
	const { registration, supabase } = await personOf(event);
	const [answer] = await decideRegistrations(supabase, [registration.id], decision, '');
	const status = answer?.status ?? 'failed';
	if (isDone(status) || status === 'proposal_open' || status === 'needs_safeguarding') done(event, status);
	const form: FormResult = { values: {}, issues: refused(status).issues };
	return fail(409, { form });
}

const replaceSchema = v.object({ badge: id(), reason: requiredLines(200) });
const checked = v.picklist(checks, m.help_desk_check_missing);

const about = formActionsAbout((event: RequestEvent) => personOf(event));

export const actions: Actions = {
	accredit: (event) => decide(event, 'accredit'),
	// The proposal of another person at the desk.
	confirm: (event) => decide(event, 'confirm'),
	mode: about('mode', moving, async ({ mode, act, version }, event, _, { registration, supabase }) => {
		if (String(registration.version) !== version) return refused('changed');
		const { status } = await (act === 'queue' ? joinQueue : switchMode)(supabase, registration.id, mode);
		if (status === 'queued' || status === 'offered') done(event, 'queued');
		if (status === 'awaiting_payment' || status === 'payment_due') done(event, status);
		if (status === 'ok') done(event, mode);
		return refused(status);
	}),
	invoice: async (event) => {
		const { registration } = await personOf(event);
		return issueInvoice(registration.order?.id ?? error(404), event);
	},
	waive: (event) =>
		actFromForm(event, {
			form: 'waive',
			schema: v.object({ request: id(), answer: requiredLines(500, m.help_desk_waiver_why_missing) }),
			act: 'decide_waiver',
			args: (input) => ({ request: input.request, approve: true, amount: null, answer: input.answer }),
			refused: {
				...waiverRefused(),
				reason_needed: m.help_desk_waiver_why_missing(),
				too_much: m.payments_organise_changed(),
				over_budget: m.help_desk_waiver_budget()
			},
			done: () => m.help_desk_waiver_done()
		}),
	hand: about('hand', v.object({ colleague: id() }), async ({ colleague }, event, _, { registration, supabase }) => {
		const status = await reassignSeat(supabase, registration.id, colleague);
		if (status === 'ok') done(event, 'handed', colleague);
		return refused(status);
	}),
	replace: about('replace', replaceSchema, async ({ badge, reason }, event, _, { registration, supabase }) => {
		const { status } = await reissueBadge(supabase, registration.id, badge, reason);
		if (status === 'ok') done(event, 'badge');
		return refused(status);
	}),
	code: about('code', v.object({ checked }), async ({ checked }, event, _, { registration, supabase }) => {
		const issued = await issueDeskCode(supabase, registration.id, checked);
		if (issued.status !== 'ok') return refuse('', noCodeSentence(issued.status));
		const address = `${event.url.origin}/sign-in/desk`;
		return { shown: { code: issued.code, expires_at: issued.expires_at, address, picture: drawCode(address) } };
	})
};
