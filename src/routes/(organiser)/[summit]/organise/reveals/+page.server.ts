import { holdsRole } from '#lib/accounts/viewer.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { id, requiredLines, requiredText, sentForm } from '#lib/forms/fields.ts';
import { formAction, refuse, type FormRefusal } from '#lib/forms/server/action.ts';
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
		ok: () => ({ done: 'Asked for. A safeguarding lead confirms it.' }),
		already: () => refuse('', 'Your request is open already.'),
		no_alias: () => refuse('reference', 'This person is not under another name.', 422),
		not_found: () => refuse('reference', 'Nobody has this reference.', 422),
		not_allowed: () =>
			refuse(
				'',
				'The help desk asks for somebody who comes to the door while the Summit is live. Send others to safeguarding.'
			),
		invalid: () => refuse('reason', 'The reason is too long.', 422)
	});
}

export const actions: Actions = {
	ask: formAction(
		'ask',
		v.object({
			reference: requiredText(20),
			reason: reason(),
			form: sentForm(),
			case: v.optional(v.union([v.literal(''), id()]), '')
		}),
		async ({ reference, reason, form, case: of }, { locals: { summit, supabase } }) => {
			const status = await askReveal(supabase, summit.id, reference, reason);
			if (status !== 'ok' || of === '') return asked(status);
			const words = `Asked for the real name of registration ${reference.toUpperCase()}. Another lead decides.\n${reason}`;
			const noted = await addCaseEntry(supabase, summit.id, of, { kind: 'act', form, words });
			return {
				done:
					noted === 'ok' || noted === 'already'
						? 'Asked for, and noted in the case. A safeguarding lead confirms it.'
						: 'Asked for. It could not be noted in the case: note it yourself.'
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
			const late = () => refuse('', 'It was decided or taken back already, or came too late.');
			return byStatus(await decideReveal(supabase, reveal, decision === 'confirm'), {
				ok: () => ({
					done: decision === 'confirm' ? 'Confirmed. Who asked can open it once, within the hour.' : 'Refused.'
				}),
				own: () => refuse('', 'You asked for it: another lead confirms it.'),
				wrong_state: late,
				not_found: late
			});
		}
	),
	withdraw: formAction('withdraw', revealSchema, async ({ reveal }, { locals: { supabase } }) =>
		byStatus(await withdrawReveal(supabase, reveal), {
			ok: () => ({ done: 'Taken back. No name was opened.' }),
			none: () => refuse('', 'It is not open any more.')
		})
	),
	show: formAction('show', revealSchema, async ({ reveal }, { locals: { supabase } }) => {
		const shown = await showRevealedName(supabase, reveal);
		return shown ? { shown } : refuse('', 'It was opened already, or came too late. Ask again if you still need it.');
	}),
	told: formAction('told', v.object({ reveal: id(), person: id() }), async (input, { locals: { supabase } }) =>
		byStatus(await markRevealTold(supabase, input.reveal, input.person), {
			ok: () => ({ done: 'Noted that the person was told.' }),
			none: () => refuse('', 'It was noted already.')
		})
	)
};
