import {
	announce,
	countAnnounced,
	listAnnouncements,
	withdrawAnnouncement
} from '#lib/announcements/server/announcements.ts';
import { pushKeys } from '#lib/announcements/server/push.ts';
import { draftOf, targetOf } from '#lib/announcements/writing.ts';
import { checkbox, optionalLines, optionalText } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href, locales, text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { DataClient } from '#lib/database/client.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

async function placesOf(client: DataClient, summit: string) {
	const [rooms, sessions] = await Promise.all([
		client.from('rooms').select('id, name').eq('summit_id', summit).order('position'),
		client.from('sessions').select('id, title, code').eq('summit_id', summit).eq('state', 'confirmed')
	]);
	if (rooms.error ?? sessions.error) throw new Error('Reading rooms and sessions was refused.');
	return {
		rooms: (rooms.data as { id: string; name: TextMap }[]).map(({ id, name }) => ({
			value: id,
			label: text(name).text
		})),
		sessions: (sessions.data as { id: string; title: TextMap }[])
			.map(({ id, title }) => ({ value: id, label: text(title).text }))
			.sort((a, b) => a.label.localeCompare(b.label))
	};
}

export const load: PageServerLoad = async ({ locals, url, depends }) => {
	depends('announcements:made');
	const { summit } = locals;
	const [made, places] = await Promise.all([
		listAnnouncements(locals.supabase, summit.id),
		placesOf(locals.supabase, summit.id)
	]);
	if (!made) error(403, m.ui_forbidden());
	return {
		made,
		...places,
		pushes: pushKeys() !== null,
		once: crypto.randomUUID(),
		done: url.searchParams.get('done')
	};
};

const fields = v.object({
	audience: optionalText(20),
	mode: optionalText(20),
	language: optionalText(2),
	room: optionalText(36),
	session: optionalText(36),
	...Object.fromEntries(
		locales.flatMap((locale) => [
			[`title_${locale}`, optionalText(120)],
			[`body_${locale}`, optionalLines(1000)]
		])
	),
	page: optionalText(20),
	minutes: optionalText(6),
	urgent: checkbox(),
	push: checkbox(),
	mail: checkbox(),
	once: optionalText(36)
});

async function read({ request }: RequestEvent) {
	const parsed = parseForm(await request.formData(), fields, 'write');
	if (!parsed.ok) return { form: parsed.form };
	const aimed = targetOf(parsed.output, parsed.form);
	const written = draftOf(parsed.output, aimed.form);
	if (written.form.issues.length > 0) return { form: written.form };
	const once = v.is(v.pipe(v.string(), v.uuid()), parsed.output.once) ? parsed.output.once : crypto.randomUUID();
	return { form: written.form, said: { target: aimed.target, draft: written.draft, once } };
}

export const actions: Actions = {
	/** Previews the announcement and its audience before it is sent. */
	look: async (event) => {
		const { summit } = event.locals;
		const { form, said } = await read(event);
		if (!said) return fail(422, { form });
		const count = await countAnnounced(event.locals.supabase, summit.id, said.target);
		if (!count) return fail(422, { form: withIssue(form, 'audience', m.announcements_organise_target_gone()) });
		return { form, look: { ...said, count } };
	},
	announce: async (event) => {
		const { summit } = event.locals;
		const { form, said } = await read(event);
		if (!said) return fail(422, { form });
		const answer = await announce(event.locals.supabase, summit.id, said.once, said.target, said.draft);
		if (answer.status === 'not_allowed') error(403, m.ui_forbidden());
		if (answer.status === 'nobody')
			return fail(409, {
				form: withIssue(form, 'audience', m.announcements_organise_reaches_nobody())
			});
		if (answer.status === 'invalid')
			return fail(422, { form: withIssue(form, '', m.announcements_organise_refused()) });
		redirect(303, href(`/${summit.slug}/organise/announcements?done=announced`));
	},
	withdraw: async ({ locals, request }) => {
		const id = (await request.formData()).get('id');
		if (!isId(id)) error(400);
		if ((await withdrawAnnouncement(locals.supabase, id)) === 'not_allowed') error(403, m.ui_forbidden());
		return { withdrawn: true };
	}
};
