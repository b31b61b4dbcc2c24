import { findPeople } from '#lib/accounts/server/roles.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { id, list, optionalLines, requiredLines, sentForm } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { caseCategories, caseSeverities } from '#lib/safeguarding/cases.ts';
import { acknowledgeConcern } from '#lib/safeguarding/server/on-call.ts';
import { joinCase, listCases, openCase } from '#lib/safeguarding/server/cases.ts';
import {
	answerConcern,
	closeConcern,
	closeConcernBatch,
	listConcerns,
	markConcernSubject
} from '#lib/safeguarding/server/concerns.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const uuid = (text: string | null) => (v.is(v.pipe(v.string(), v.uuid()), text) ? text : null);

/**
 * Concerns for the safeguarding leads of the Summit, as far as the reader may read them. `?open`: a closed one, or a
 * batch.
 */
export const load: PageServerLoad = async ({ locals, setHeaders, url }) => {
	const { supabase, summit } = locals;
	const chosen = uuid(url.searchParams.get('open'));
	const about = uuid(url.searchParams.get('about'));
	const query = (url.searchParams.get('q') ?? '').slice(0, 100);
	const concerns = await listConcerns(supabase, summit.id, chosen);
	if (!concerns) error(403, m.ui_forbidden());
	setHeaders({ 'cache-control': 'no-store' });
	const cases = (await listCases(supabase, summit.id)) ?? [];
	return { ...concerns, cases, chosen, about, query, found: about ? await findPeople(supabase, summit.id, query) : [] };
};

const closing = v.object({ concern: id(), note: optionalLines(4000), closed: v.picklist(['yes', 'no']) });
const answering = v.object({ concern: id(), form: sentForm(), words: requiredLines(4000) });
const taking = v.object({
	'concerns[]': v.pipe(
		list(id()),
		v.minLength(1, () => m.safeguarding_concern_none_ticked()),
		v.maxLength(100)
	),
	case: v.union([v.literal(''), id()]),
	severity: v.picklist(caseSeverities),
	category: v.picklist(caseCategories)
});
const marking = v.object({ concern: id(), person: id(), is_about: v.picklist(['yes', 'no']) });
const late = () => refuse('', m.safeguarding_concern_late());

export const actions: Actions = {
	close: formAction('close', closing, async ({ concern, note, closed }, { locals }) => {
		const status = await closeConcern(locals.supabase, concern, closed === 'yes', note);
		return byStatus(status, {
			ok: () => ({
				done: closed === 'yes' ? m.safeguarding_concern_done_closed() : m.safeguarding_concern_done_open()
			}),
			already: late,
			not_found: late
		});
	}),
	answer: formAction('answer', answering, async ({ concern, form, words }, { locals }) => {
		const done = { done: m.safeguarding_concern_done_answered() };
		return byStatus(await answerConcern(locals.supabase, concern, form, words), {
			ok: () => done,
			already: () => done,
			no_code: late,
			not_found: late
		});
	}),
	have: formAction('have', v.object({ concern: id() }), async ({ concern }, { locals }) =>
		byStatus(await acknowledgeConcern(locals.supabase, concern), {
			ok: () => ({ done: m.safeguarding_alarm_done() }),
			already: late,
			not_found: late
		})
	),
	case: formAction('case', taking, async ({ 'concerns[]': concerns, case: into, ...facts }, { locals, params }) => {
		const { supabase } = locals;
		const to = (one: string) => `/${params.summit}/organise/safeguarding/cases/${one}`;
		if (into === '')
			return byStatus(await openCase(supabase, concerns, facts), {
				ok: ({ case: opened }) => to(opened),
				already: late,
				not_found: late,
				invalid: late
			});
		for (const concern of concerns) if ((await joinCase(supabase, into, concern)) !== 'ok') return late();
		return to(into);
	}),
	batch: formAction('batch', v.object({ batch: id() }), async ({ batch }, { locals }) => {
		const count = await closeConcernBatch(locals.supabase, batch);
		if (count > 0) return { done: m.safeguarding_concern_done_batch({ count: number(count) }) };
		return late();
	}),
	mark: formAction('mark', marking, async ({ concern, person, is_about }, { locals }) => {
		const status = await markConcernSubject(locals.supabase, concern, person, is_about === 'yes');
		return byStatus(status, {
			ok: () => ({
				done: is_about === 'yes' ? m.safeguarding_concern_done_marked() : m.safeguarding_done_unmarked()
			}),
			already: late,
			not_found: late
		});
	})
};
