import { holdsRole } from '#lib/accounts/viewer.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { id, optionalId, requiredLines, requiredText, sentForm } from '#lib/forms/fields.ts';
import { formAction, refuse, type FormRefusal } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { readHostLists } from '#lib/logistics/server/overview.ts';
import { addCaseEntry } from '#lib/safeguarding/server/cases.ts';
import {
	askHostListReveal,
	askReveal,
	decideReveal,
	listReveals,
	markRevealTold,
	showRevealedName,
	withdrawReveal
} from '#lib/safeguarding/server/reveals.ts';
import { timelineNotes } from '#lib/safeguarding/timeline.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** For safeguarding, and for the help desk with its own requests. */
export const load: PageServerLoad = async ({ locals: { summit, supabase, viewer }, url }) => {
	const wanted = url.searchParams.get('list');
	const [reveals, hosts] = await Promise.all([
		listReveals(supabase, summit.id),
		wanted === null ? null : readHostLists(supabase, summit.id)
	]);
	return {
		reveals,
		isLead: holdsRole(viewer, summit.id, 'safeguarding'),
		list: hosts?.lists.find((one) => one.id === wanted && one.may_reveal) ?? null,
		reference: url.searchParams.get('reference') ?? '',
		case: url.searchParams.get('case')
	};
};

const reason = () => requiredLines(1000);
const revealSchema = v.object({ reveal: id() });

type AskStatus = Awaited<ReturnType<typeof askReveal>>;

function asked(status: AskStatus): { done: string } | FormRefusal {
	return byStatus(status, {
		ok: () => ({ done: m.safeguarding_reveal_done_asked() }),
		already: () => refuse('', m.safeguarding_reveal_asked_before()),
		no_alias: () => refuse('reference', m.safeguarding_reveal_no_alias(), 422),
		not_found: () => refuse('reference', m.safeguarding_reveal_unknown(), 422),
		not_allowed: () => refuse('', m.safeguarding_reveal_desk_only()),
		invalid: () => refuse('reason', m.safeguarding_reveal_reason_long(), 422)
	});
}

export const actions: Actions = {
	ask: formAction(
		'ask',
		v.object({
			reference: requiredText(20),
			reason: reason(),
			form: sentForm(),
			case: optionalId()
		}),
		async ({ reference, reason, form, case: of }, { locals: { summit, supabase } }) => {
			const status = await askReveal(supabase, summit.id, reference, reason);
			if (status !== 'ok' || of === '') return asked(status);
			const words = timelineNotes.revealAsked(reference.toUpperCase(), reason);
			const noted = await addCaseEntry(supabase, summit.id, of, { kind: 'act', form, words });
			return {
				done:
					noted === 'ok' || noted === 'already'
						? m.safeguarding_reveal_done_noted()
						: m.safeguarding_reveal_done_not_noted()
			};
		}
	),
	ask_list: formAction(
		'ask_list',
		v.object({ list: id(), reason: reason() }),
		async (input, { locals: { summit, supabase } }) =>
			asked(await askHostListReveal(supabase, summit.id, input.list, input.reason))
	),
	decide: formAction(
		'decide',
		v.object({ reveal: id(), decision: v.picklist(['confirm', 'refuse']) }),
		async ({ reveal, decision }, { locals: { supabase } }) => {
			const late = () => refuse('', m.safeguarding_reveal_decided_late());
			return byStatus(await decideReveal(supabase, reveal, decision === 'confirm'), {
				ok: () => ({
					done: decision === 'confirm' ? m.safeguarding_reveal_done_confirmed() : m.safeguarding_reveal_done_refused()
				}),
				own: () => refuse('', m.safeguarding_reveal_own()),
				wrong_state: late,
				not_found: late
			});
		}
	),
	withdraw: formAction('withdraw', revealSchema, async ({ reveal }, { locals: { supabase } }) =>
		byStatus(await withdrawReveal(supabase, reveal), {
			ok: () => ({ done: m.safeguarding_reveal_done_withdrawn() }),
			none: () => refuse('', m.safeguarding_reveal_not_open())
		})
	),
	show: formAction('show', revealSchema, async ({ reveal }, { locals: { supabase } }) => {
		const shown = await showRevealedName(supabase, reveal);
		return shown ? { shown } : refuse('', m.safeguarding_reveal_opened_before());
	}),
	told: formAction('told', v.object({ reveal: id(), person: id() }), async (input, { locals: { supabase } }) =>
		byStatus(await markRevealTold(supabase, input.reveal, input.person), {
			ok: () => ({ done: m.safeguarding_reveal_done_told() }),
			none: () => refuse('', m.safeguarding_reveal_told_before())
		})
	)
};
