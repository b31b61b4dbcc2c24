import { findPeople } from '#lib/accounts/server/roles.ts';
import { id, optionalLines } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import {
	closeConcern,
	closeConcernBatch,
	listConcerns,
	markConcernSubject
} from '#lib/safeguarding/server/concerns.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const uuid = (text: string | null) => (v.is(v.pipe(v.string(), v.uuid()), text) ? text : null);

/** What was reported to the safeguarding leads of the Summit, as far as the reader may read it. `?open`: a closed one, or a batch. */
export const load: PageServerLoad = async ({ locals, setHeaders, url }) => {
	const { supabase, summit } = locals;
	const chosen = uuid(url.searchParams.get('open'));
	const about = uuid(url.searchParams.get('about'));
	const query = (url.searchParams.get('q') ?? '').slice(0, 100);
	const list = await listConcerns(supabase, summit.id, chosen);
	if (!list) error(403, m.shell_forbidden());
	setHeaders({ 'cache-control': 'no-store' });
	return { ...list, chosen, about, query, found: about ? await findPeople(supabase, summit.id, query) : [] };
};

const closing = v.object({ concern: id(), note: optionalLines(4000), closed: v.picklist(['yes', 'no']) });
const marking = v.object({ concern: id(), person: id(), is_about: v.picklist(['yes', 'no']) });
const tooLate = 'Somebody else was quicker: this page now shows how it stands.';

export const actions: Actions = {
	close: async ({ locals, request }) => {
		const parsed = parseForm(await request.formData(), closing, 'close');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { concern, note, closed } = parsed.output;
		const status = await closeConcern(locals.supabase, concern, closed === 'yes', note);
		if (status === 'ok') return { done: closed === 'yes' ? 'Closed.' : 'Open again.' };
		return fail(409, { form: withIssue(parsed.form, '', tooLate) });
	},
	batch: async ({ locals, request }) => {
		const parsed = parseForm(await request.formData(), v.object({ batch: id() }), 'batch');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const count = await closeConcernBatch(locals.supabase, parsed.output.batch);
		if (count > 0) return { done: `Closed: ${count}.` };
		return fail(409, { form: withIssue(parsed.form, '', tooLate) });
	},
	mark: async ({ locals, request }) => {
		const parsed = parseForm(await request.formData(), marking, 'mark');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { concern, person, is_about } = parsed.output;
		const status = await markConcernSubject(locals.supabase, concern, person, is_about === 'yes');
		if (status !== 'ok') return fail(409, { form: withIssue(parsed.form, '', tooLate) });
		return { done: is_about === 'yes' ? 'Marked. Whom it is about no longer finds it.' : 'The mark is taken back.' };
	}
};
