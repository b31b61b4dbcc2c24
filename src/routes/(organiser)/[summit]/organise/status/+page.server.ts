import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, id, list, optionalLines, optionalText } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { formAction, FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import {
	changeStatusNotice,
	listStatusNotices,
	postStatusNotice,
	updateStatusNotice
} from '#lib/status/server/notices.ts';
import { noticeDraftOf, noticeStages, updateTextsOf } from '#lib/status/writing.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { summit, supabase }, url }) => {
	const own = (await listStatusNotices(supabase, summit.id)) ?? error(403, m.ui_forbidden());
	return { ...own, once: crypto.randomUUID(), done: url.searchParams.get('done') };
};

const noticeSchema = v.object({
	about: optionalText(10),
	severity: optionalText(20),
	'parts[]': list(v.string()),
	...Object.fromEntries(
		locales.flatMap((locale) => [
			[`title_${locale}`, optionalText(120)],
			[`body_${locale}`, optionalLines(1000)]
		])
	),
	starts_at: optionalText(30),
	ends_at: optionalText(30),
	banner: checkbox(),
	once: optionalText(36)
});

const updateSchema = v.object({
	notice: id(),
	stage: v.picklist(noticeStages),
	...Object.fromEntries(locales.map((locale) => [`update_${locale}`, optionalLines(1000)])),
	once: optionalText(36)
});

const onceOf = (value: unknown): string => (isId(value) ? value : crypto.randomUUID());

export const actions: Actions = {
	post: formAction('post', noticeSchema, async (input, { locals: { summit, supabase } }, given) => {
		const { draft, form } = noticeDraftOf(input, given, summit.zone);
		if (form.issues.length > 0) return new FormRefusal(form.issues, 422);
		const about = input.about === 'site' ? null : summit.id;
		const done = () => `/${summit.slug}/organise/status?done=posted`;
		return byStatus(await postStatusNotice(supabase, about, onceOf(input.once), draft), {
			ok: done,
			// A second click.
			already: done,
			invalid: () => refuse('', m.status_organise_refused(), 422),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	}),
	update: formAction('update', updateSchema, async (input, { locals: { summit, supabase } }) => {
		const { notice, stage } = input;
		const done = () => `/${summit.slug}/organise/status?done=updated`;
		return byStatus(
			await updateStatusNotice(supabase, { notice, once: onceOf(input.once), stage, texts: updateTextsOf(input) }),
			{
				ok: done,
				already: done,
				ended: () => refuse('', m.status_organise_ended()),
				invalid: () => refuse('', m.status_organise_refused(), 422),
				not_allowed: () => error(403, m.ui_forbidden())
			}
		);
	}),
	change: formAction(
		v.object({ notice: id(), change: v.picklist(['banner', 'no_banner', 'withdraw']) }),
		async ({ notice, change }, { locals: { summit, supabase } }) => {
			const what = change === 'withdraw' ? { withdrawn: true } : { banner: change === 'banner' };
			const status = await changeStatusNotice(supabase, notice, what);
			if (status === 'not_allowed') error(403, m.ui_forbidden());
			return `/${summit.slug}/organise/status?done=updated`;
		}
	)
};
