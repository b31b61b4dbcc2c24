import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { readCallAnswers, type CallQuestion } from '#lib/proposals/call.ts';
import { fieldsFrom, issuesFrom, proposalSchema } from '#lib/proposals/proposal-form.ts';
import { readCall } from '#lib/proposals/server/call.ts';
import { saveProposal } from '#lib/proposals/server/proposals.ts';
import { error } from '@sveltejs/kit';

type Outcome =
	| { ok: true; version: number; form: FormResult; questions: CallQuestion[] }
	| { ok: false; status: 409 | 422; form: FormResult; theirs: number | null };

/** Saves the form of a proposal; `theirs` is the version that somebody else saved meanwhile. */
export async function saveForm(locals: App.Locals, proposal: string, data: FormData): Promise<Outcome> {
	const { summit, supabase } = locals;
	// A person who has seen the other version may overwrite that one, but no later one.
	if (data.has('over')) data.set('version', String(data.get('over')));
	data.delete('over');
	const parsed = parseForm(data, proposalSchema, 'proposal');
	if (!parsed.ok) return { ok: false, status: 422, form: parsed.form, theirs: null };
	const questions = (await readCall(supabase, summit.id))?.questions ?? [];
	const fields = {
		...fieldsFrom(parsed.output),
		answers: readCallAnswers(data, questions, 'proposal'),
		own_answers: readCallAnswers(data, questions, 'person')
	};
	const saved = await saveProposal(supabase, proposal, fields, parsed.output.version);
	if (saved.status === 'ok') return { ok: true, version: saved.version, form: parsed.form, questions };
	if (saved.status === 'not_found') error(404, m.ui_not_found());
	if (saved.status === 'invalid') {
		const missing = saved.faults.some((fault) => !(fault in parsed.form.values) || parsed.form.values[fault] === '');
		const form = { ...parsed.form, issues: issuesFrom(saved.faults, questions, missing) };
		return { ok: false, status: 422, form, theirs: null };
	}
	const theirs = saved.status === 'conflict' ? saved.version : null;
	const words = theirs !== null ? m.proposals_conflict_title() : m.proposals_is_closed();
	const form = withIssue(parsed.form, '', words);
	return { ok: false, status: 409, form, theirs };
}
