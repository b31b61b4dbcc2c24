import {
	announce,
	countAnnounced,
	listAnnouncements,
	withdrawAnnouncement
} from '#lib/announcements/server/announcements.ts';
import { compareNames } from '#lib/i18n/list.ts';
import { pushKeys } from '#lib/live/server/push.ts';
import { draftOf, targetOf } from '#lib/announcements/writing.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, optionalLines, optionalText } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import type { FormResult } from '#lib/forms/parse.ts';
import { formAction, FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { locales, text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { DataClient } from '#lib/database/client.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

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
			.sort((a, b) => compareNames(a.label, b.label))
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

interface WrittenAnnouncement {
	target: ReturnType<typeof targetOf>['target'];
	draft: ReturnType<typeof draftOf>['draft'];
	once: string;
}

/** An action with the announcement in the form, when it is whole. */
function writingAction<Answer>(
	act: (announcement: WrittenAnnouncement, locals: App.Locals, form: FormResult) => Answer | Promise<Answer>
) {
	return formAction('write', fields, async (input, { locals }: RequestEvent, given) => {
		const { target, form: aimed } = targetOf(input, given);
		const { draft, form } = draftOf(input, aimed);
		if (form.issues.length > 0) return new FormRefusal(form.issues, 422);
		return act({ target, draft, once: isId(input.once) ? input.once : crypto.randomUUID() }, locals, form);
	});
}

export const actions: Actions = {
	/** Previews the announcement and its audience before it is sent. */
	look: writingAction(async (announcement, { summit, supabase }, form) => {
		const count = await countAnnounced(supabase, summit.id, announcement.target);
		if (!count) return refuse('audience', m.announcements_organise_target_gone(), 422);
		return { form, look: { ...announcement, count } };
	}),
	announce: writingAction(async ({ once, target, draft }, { summit, supabase }) => {
		const done = () => `/${summit.slug}/organise/announcements?done=announced`;
		return byStatus(await announce(supabase, summit.id, once, target, draft), {
			ok: done,
			// A second click.
			already: done,
			nobody: () => refuse('audience', m.announcements_organise_reaches_nobody()),
			invalid: () => refuse('', m.announcements_organise_refused(), 422),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	}),
	withdraw: async ({ locals, request }) => {
		const id = (await request.formData()).get('id');
		if (!isId(id)) error(400);
		if ((await withdrawAnnouncement(locals.supabase, id)) === 'not_allowed') error(403, m.ui_forbidden());
		return { withdrawn: true };
	}
};
