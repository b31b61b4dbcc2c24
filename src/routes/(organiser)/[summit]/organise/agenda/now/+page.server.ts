import { m } from '#lib/i18n/messages.ts';
import { findPeople } from '#lib/accounts/server/roles.ts';
import { changeFrom, choiceOf, nowSchema, pendingOf, refusalOfNow, type NowChange } from '#lib/agenda/changes/now.ts';
import { changeNow, readNow } from '#lib/agenda/server/now.ts';
import { list, optionalLines } from '#lib/forms/fields.ts';
import { formAction, FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { text, type TextMap } from '#lib/i18n/locale.ts';
import { forgetSummits } from '#lib/summits/server/cache.ts';
import { error } from '@sveltejs/kit';
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

async function make({ locals, params }: RequestEvent, changes: NowChange[], note: string) {
	const { summit } = locals;
	const answer = await changeNow(locals.supabase, summit.id, changes, noteOf(note));
	if (answer.status !== 'ok')
		return refuse(
			'',
			refusalOfNow(answer, (map) => text(map).text)
		);
	forgetSummits();
	return `/${params.summit}/organise/agenda/now?released=${answer.number}&notified=${answer.notified}`;
}

const changeSchema = v.object({ ...nowSchema.entries, note: noted });
const publishSchema = v.object({ 'sessions[]': list(v.string()), note: noted });

export const actions: Actions = {
	change: formAction('change', changeSchema, async (input, event, given) => {
		const { summit } = event.locals;
		const { sessions } = (await readNow(event.locals.supabase, summit.id)) ?? error(403);
		const slots = sessions.find(({ id }) => id === input.session)?.slots ?? [];
		const { change, form } = changeFrom(input, given, { zone: summit.zone, slots });
		if (!change) return new FormRefusal(form.issues, 422);
		return make(event, [change], input.note);
	}),
	publish: formAction('publish', publishSchema, async (input, event) => {
		const { summit } = event.locals;
		const chosen = input['sessions[]'];
		const { sessions } = (await readNow(event.locals.supabase, summit.id)) ?? error(403);
		const changes = pendingOf(sessions)
			.filter(({ id }) => chosen.includes(id))
			.map(choiceOf);
		if (changes.length === 0) return refuse('sessions[]', m.agenda_now_choose(), 422);
		return make(event, changes, input.note);
	})
};
