import { findPeople } from '#lib/accounts/server/roles.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { id, requiredLines, requiredText, sentForm, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { actNote, caseActs } from '#lib/safeguarding/case-acts.ts';
import { caseCategories, outcomes, caseSeverities, subjectsOf } from '#lib/safeguarding/cases.ts';
import { addBarredEntry } from '#lib/safeguarding/server/barred.ts';
import {
	actOnCase,
	addCaseEntry,
	closeCase,
	readCase,
	readCaseTargets,
	saveCase
} from '#lib/safeguarding/server/cases.ts';
import { answerConcern, markConcernSubject } from '#lib/safeguarding/server/concerns.ts';
import { referCase } from '#lib/safeguarding/server/duties.ts';
import { acknowledgeConcern } from '#lib/safeguarding/server/on-call.ts';
import { timelineNotes } from '#lib/safeguarding/timeline.ts';
import { barFromSession, raiseLevelInEmergency } from '#lib/stage/server/runs.ts';
import { text } from '#lib/i18n/locale.ts';
import { dayAndClock } from '#lib/i18n/time.ts';
import { error, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** One case, opened. The reading is logged. `?about`: a concern for which a person is searched. */
export const load: PageServerLoad = async ({ locals: { supabase, summit }, params, setHeaders, url }) => {
	const found = await readCase(supabase, summit.id, params.id);
	if (!found) error(404, m.ui_not_found());
	setHeaders({ 'cache-control': 'no-store' });
	const about = url.searchParams.get('about');
	const query = (url.searchParams.get('q') ?? '').slice(0, 100);
	return {
		case: found,
		targets: await readCaseTargets(supabase, params.id),
		about,
		query,
		found: about ? await findPeople(supabase, summit.id, query) : []
	};
};

const words = () => requiredLines(4000);
const gone = () => error(404, m.ui_not_found());
const changed = () => refuse('', m.safeguarding_case_changed_meanwhile());
const wrong = () => refuse('', m.ui_form_wrong(), 422);

const facts = v.object({
	version: wholeNumber(1),
	severity: v.picklist(caseSeverities),
	category: v.picklist(caseCategories),
	state: v.picklist(['open', 'waiting']),
	lead: v.union([v.literal(''), id()])
});
const entry = v.object({ form: sentForm(), words: words(), kind: v.picklist(['note', 'handover']) });
const closing = v.object({
	form: sentForm(),
	words: words(),
	version: wholeNumber(1),
	outcome: v.picklist(outcomes)
});

// The act is done first, so that the timeline never says what did not happen; the audit has it in any case.
async function noted(event: RequestEvent, caseId: string, form: string, what: string) {
	const { supabase, summit } = event.locals;
	const status = await addCaseEntry(supabase, summit.id, caseId, { kind: 'act', form, words: what });
	return status === 'ok' || status === 'already'
		? { done: m.safeguarding_noted() }
		: { done: m.safeguarding_not_noted() };
}

const late = () => refuse('', m.safeguarding_act_late());

export const actions: Actions = {
	save: formAction('save', facts, async ({ version, lead, ...rest }, { locals, params }) =>
		byStatus(await saveCase(locals.supabase, params.id, version, { ...rest, lead: lead || null }), {
			ok: () => ({ done: m.safeguarding_saved() }),
			changed,
			not_found: gone,
			invalid: wrong
		})
	),
	note: formAction('note', entry, async (input, { locals: { supabase, summit }, params }) => {
		const done = { done: input.kind === 'handover' ? m.safeguarding_done_handed_over() : m.safeguarding_done_noted() };
		return byStatus(await addCaseEntry(supabase, summit.id, params.id, input), {
			ok: () => done,
			already: () => done,
			not_found: gone,
			invalid: wrong
		});
	}),
	close: formAction('close', closing, async (input, { locals: { supabase, summit }, params }) =>
		byStatus(await closeCase(supabase, summit.id, params.id, input), {
			ok: () => ({ done: m.safeguarding_case_done_closed() }),
			changed,
			not_found: gone,
			invalid: wrong
		})
	),
	answer: formAction(
		'answer',
		v.object({ concern: id(), form: sentForm(), words: words() }),
		async ({ concern, form, words }, event) => {
			const sent = () => noted(event, event.params.id, form, timelineNotes.answered(words));
			return byStatus(await answerConcern(event.locals.supabase, concern, form, words), {
				ok: sent,
				already: sent,
				no_code: late,
				not_found: gone
			});
		}
	),
	mark: formAction(
		'mark',
		v.object({ concern: id(), person: id(), is_about: v.picklist(['yes', 'no']) }),
		async ({ concern, person, is_about }, { locals }) =>
			byStatus(await markConcernSubject(locals.supabase, concern, person, is_about === 'yes'), {
				ok: () => ({
					done: is_about === 'yes' ? m.safeguarding_case_done_marked() : m.safeguarding_done_unmarked()
				}),
				already: late,
				not_found: gone
			})
	),
	have: formAction('have', v.object({ concern: id() }), async ({ concern }, { locals }) =>
		byStatus(await acknowledgeConcern(locals.supabase, concern), {
			ok: () => ({ done: m.safeguarding_alarm_done() }),
			already: late,
			not_found: gone
		})
	),
	refer: formAction(
		'refer',
		v.object({ form: sentForm(), duty: id(), words: words() }),
		async ({ form, duty, words }, event) => {
			const { supabase, summit } = event.locals;
			const found = await readCase(supabase, summit.id, event.params.id);
			const to = found?.duties.find((one) => one.id === duty);
			if (!to) return gone();
			return byStatus(await referCase(supabase, event.params.id, duty), {
				ok: () => noted(event, event.params.id, form, timelineNotes.reported(to.authority, words)),
				already: late,
				not_found: gone
			});
		}
	),
	bar: formAction(
		'bar',
		v.object({ form: sentForm(), session: id(), person: id() }),
		async ({ form, session, person }, event) => {
			const { supabase, summit } = event.locals;
			const found = await readCase(supabase, summit.id, event.params.id);
			const { sessions, people } = subjectsOf(found?.concerns ?? []);
			const [where, whom] = [sessions.find((one) => one.id === session), people.find((one) => one.id === person)];
			if (!where || !whom) return gone();
			return byStatus(await barFromSession(supabase, where.id, whom.code, true), {
				ok: () => noted(event, event.params.id, form, timelineNotes.barred(whom.display_name, text(where.title).text)),
				already: late,
				not_found: () => refuse('', m.safeguarding_bar_session_unknown()),
				not_allowed: () => refuse('', m.safeguarding_bar_session_forbidden())
			});
		}
	),
	act: formAction(
		'act',
		v.object({ form: sentForm(), act: v.picklist(caseActs), target: id() }),
		async ({ form, act, target }, { locals: { supabase, summit }, params }) => {
			const targets = await readCaseTargets(supabase, params.id);
			const words = targets && actNote(act, target, targets, (at) => dayAndClock(at, summit.zone));
			// The same form again, or somebody else was faster.
			if (!words) return late();
			return byStatus(await actOnCase(supabase, summit.id, params.id, { act, target, form, words }), {
				ok: () => ({ done: m.safeguarding_noted() }),
				already: late,
				not_possible: late,
				not_found: gone,
				not_lead: () => refuse('', m.safeguarding_act_not_lead()),
				not_allowed: () => refuse('', m.safeguarding_act_forbidden()),
				invalid: wrong
			});
		}
	),
	level: formAction(
		'level',
		v.object({ form: sentForm(), session: id(), level: v.picklist(['chatham_house', 'closed']) }),
		async ({ form, session, level }, event) => {
			const { supabase, summit } = event.locals;
			const found = await readCase(supabase, summit.id, event.params.id);
			const where = subjectsOf(found?.concerns ?? []).sessions.find((one) => one.id === session);
			if (!where) return gone();
			return byStatus(await raiseLevelInEmergency(supabase, session, level), {
				ok: () => noted(event, event.params.id, form, timelineNotes.raised(level, text(where.title).text)),
				already: late,
				not_found: gone
			});
		}
	),
	watch: formAction(
		'watch',
		v.object({ form: sentForm(), registration: requiredText(20), reason: words() }),
		async ({ form, registration, reason }, event) => {
			const { supabase, summit } = event.locals;
			const found = await readCase(supabase, summit.id, event.params.id);
			if (!found) return gone();
			const status = await addBarredEntry(supabase, summit.id, {
				registration,
				name: '',
				born_on: '',
				country: '',
				address: '',
				reason,
				source: `Case ${found.reference}`,
				until: null,
				everywhere: false
			});
			return byStatus(status, {
				ok: () => noted(event, event.params.id, form, timelineNotes.proposed(registration)),
				not_allowed: gone,
				invalid: wrong,
				nothing: wrong,
				unknown_person: () => refuse('registration', m.safeguarding_bar_unknown()),
				own: () => refuse('registration', m.safeguarding_bar_own())
			});
		}
	)
};
