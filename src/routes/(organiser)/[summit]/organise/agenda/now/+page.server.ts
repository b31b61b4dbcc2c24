import { findPeople } from '#lib/accounts/server/roles.ts';
import { changeFrom, choiceOf, nowSchema, pendingOf, refusalOfNow, type NowChange } from '#lib/agenda/changes/now.ts';
import { changeNow, readNow } from '#lib/agenda/server/now.ts';
import { list, optionalLines } from '#lib/forms/fields.ts';
import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href, text, type TextMap } from '#lib/i18n/locale.ts';
import { forgetSummits } from '#lib/summits/server/cache.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const found = (await readNow(locals.supabase, summit.id)) ?? error(403);
	const chosen = found.sessions.find(({ id }) => id === url.searchParams.get('session')) ?? null;
	const query = (url.searchParams.get('q') ?? '').slice(0, 100);
	const others = chosen ? await findPeople(locals.supabase, summit.id, query) : [];
	return {
		...found,
		chosen,
		query,
		others,
		pending: pendingOf(found.sessions),
		rooms: summit.rooms,
		zone: summit.zone
	};
};

const noted = optionalLines(300);
const noteOf = (note: string): TextMap => (note === '' ? {} : { original: 'en', en: note });

async function make({ locals, params }: RequestEvent, changes: NowChange[], note: string, form: FormResult) {
	const { summit } = locals;
	const answer = await changeNow(locals.supabase, summit.id, changes, noteOf(note));
	if (answer.status !== 'ok')
		return fail(409, {
			form: withIssue(
				form,
				'',
				refusalOfNow(answer, (map) => text(map).text)
			)
		});
	forgetSummits();
	const query = `?released=${answer.number}&notified=${answer.notified}`;
	redirect(303, href(`/${params.summit}/organise/agenda/now${query}`));
}

const publishSchema = v.object({ 'sessions[]': list(v.string()), note: noted });

export const actions: Actions = {
	change: async (event) => {
		const { summit } = event.locals;
		const schema = v.object({ ...nowSchema.entries, note: noted });
		const parsed = parseForm(await event.request.formData(), schema, 'change');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { sessions } = (await readNow(event.locals.supabase, summit.id)) ?? error(403);
		const slots = sessions.find(({ id }) => id === parsed.output.session)?.slots ?? [];
		const { change, form } = changeFrom(parsed.output, parsed.form, { zone: summit.zone, slots });
		if (!change) return fail(422, { form });
		return make(event, [change], parsed.output.note, form);
	},
	publish: formAction('publish', publishSchema, async (input, event, form) => {
		const { summit } = event.locals;
		const chosen = input['sessions[]'];
		const { sessions } = (await readNow(event.locals.supabase, summit.id)) ?? error(403);
		const changes = pendingOf(sessions)
			.filter(({ id }) => chosen.includes(id))
			.map(choiceOf);
		if (changes.length === 0) return refuse('sessions[]', 'Choose what is to become public.', 422);
		return make(event, changes, input.note, form);
	})
};
