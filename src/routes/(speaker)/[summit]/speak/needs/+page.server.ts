import { byStatus } from '#lib/database/by-status.ts';
import { optionalLines } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { readNeeds, saveNeeds } from '#lib/speakers/server/work.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { whose } from '../principal.ts';
import type { Actions, PageServerLoad } from './$types';

const need = () => optionalLines(1000);
const schema = v.object({ equipment: need(), access: need(), interpretation: need(), arrival: need() });

async function requireNeeds(locals: App.Locals, url: URL) {
	const found = await whose(locals, url);
	const needsForm = await readNeeds(locals.supabase, found.summit.id, found.principal.id);
	return { ...found, needsForm: needsForm ?? error(404, m.ui_not_found()) };
}

export const load: PageServerLoad = async ({ locals, url, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	const { principal, principals, needsForm } = await requireNeeds(locals, url);
	return { principal, principals, needsForm, saved: url.searchParams.has('saved') };
};

export const actions: Actions = {
	default: formAction(schema, async (input, { locals, params, url }) => {
		const { summit, principal, needsForm } = await requireNeeds(locals, url);
		const changed = needsForm.needs.filter(({ kind, need }) => input[kind] !== need);
		const written = Object.fromEntries(changed.map(({ kind }) => [kind, input[kind]]));
		const status = changed.length === 0 ? 'ok' : await saveNeeds(locals.supabase, summit.id, principal.id, written);
		const notSaved = () => refuse('', m.speakers_not_saved());
		return byStatus(status, {
			ok: () => `/${params.summit}/speak/needs?saved${principal.is_own ? '' : `&for=${principal.id}`}`,
			closed: () => refuse('', m.speakers_needs_closed()),
			invalid: notSaved,
			not_found: notSaved
		});
	})
};
