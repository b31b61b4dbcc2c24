import { byStatus } from '#lib/database/by-status.ts';
import * as fields from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { isPageKind, isSiteKind, type PageKind } from '#lib/pages/page.ts';
import { addPage, listPages, movePage } from '#lib/pages/server/writing.ts';
import { readSummit } from '#lib/summits/server/settings.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase, summit }, url }) => {
	const pages = (await listPages(supabase, summit.id)) ?? notFound();
	const { languages } = await readSummit(supabase, summit.slug);
	const taken = new Set(pages.map(({ kind }) => kind));
	return { pages, languages, taken: [...taken].filter(isSiteKind), done: url.searchParams.get('done') };
};

const kind = v.pipe(
	v.string(),
	v.custom<PageKind>(
		(value) => typeof value === 'string' && isPageKind(value),
		() => m.pages_kind_missing()
	)
);

export const actions: Actions = {
	add: formAction('add', v.object({ kind }), async (input, { locals: { supabase, summit } }) => {
		const { languages } = await readSummit(supabase, summit.slug);
		const added = await addPage(supabase, { id: summit.id, languages }, input.kind);
		if (added.status === 'ok') return `/${summit.slug}/organise/pages/${added.page}`;
		return refuse(
			'kind',
			byStatus(added.status, {
				taken: () => m.pages_kind_taken(),
				invalid: () => m.pages_refused_invalid(),
				not_allowed: () => m.pages_owner_only()
			})
		);
	}),
	move: formAction(
		'move',
		v.object({ page: fields.id(), by: v.picklist(['-1', '1']) }),
		async ({ page, by }, { locals: { supabase, summit } }) => {
			if ((await movePage(supabase, page, by === '1' ? 1 : -1)) === 'not_found') notFound();
			return `/${summit.slug}/organise/pages#page-${page}`;
		}
	)
};
