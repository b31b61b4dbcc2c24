import { readAgenda } from '#lib/agenda/server/cache.ts';
import { byStatus } from '#lib/database/by-status.ts';
import * as fields from '#lib/forms/fields.ts';
import { formActionsAbout, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { editPage } from '#lib/pages/server/edit.ts';
import {
	deletePage,
	listPagePeople,
	readPageDraft,
	restoreVersion,
	savePagePlace,
	unpublishPage
} from '#lib/pages/server/writing.ts';
import { readSummit } from '#lib/summits/server/settings.ts';
import { tagsFor } from '#lib/summits/written.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function requireDraft({ supabase, summit }: App.Locals, page: string) {
	return (await readPageDraft(supabase, summit.id, page)) ?? notFound();
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const page = await requireDraft(locals, params.page);
	const { supabase, summit } = locals;
	const has = (kind: string) => page.blocks.some((block) => block.kind === kind);
	const [{ languages, tracks }, people, agenda] = await Promise.all([
		readSummit(supabase, summit.slug),
		has('people') ? listPagePeople(supabase, summit.id) : [],
		has('sessions') ? readAgenda(locals, summit.id) : null
	]);
	const first = page.blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : []))[0];
	const tags = tagsFor(languages, 'original' in page.title ? page.title : first);
	const beside = url.searchParams.get('beside');
	return {
		draft: page,
		languages: tags,
		beside: tags.slice(1).find((tag) => tag === beside) ?? null,
		people,
		sessions: (agenda?.sessions ?? []).filter((one) => !one.is_break).map(({ id, title }) => ({ id, title })),
		tracks: tracks.map(({ id, name }) => ({ id, name })),
		done: url.searchParams.get('done')
	};
};

const about = formActionsAbout(({ locals, params }: RequestEvent) => requireDraft(locals, params.page));
const base = ({ locals, params }: RequestEvent) => `/${locals.summit.slug}/organise/pages/${params.page}`;

export const actions: Actions = {
	edit: async (event) => editPage(event, await requireDraft(event.locals, event.params.page), base(event)),
	unpublish: about('unpublish', v.object({}), async (_, event, _form, page) => {
		const status = await unpublishPage(event.locals.supabase, page.id);
		return status === 'not_found' ? notFound() : `${base(event)}?done=unpublished`;
	}),
	restore: about(
		'restore',
		v.object({ number: fields.wholeNumber(1), revision: fields.wholeNumber(1, 999_999_999) }),
		async ({ number, revision }, event, _form, page) => {
			const { status } = await restoreVersion(event.locals.supabase, page.id, number, revision);
			return byStatus(status, {
				ok: () => `${base(event)}?done=restored`,
				changed: () => refuse('', m.pages_restore_changed()),
				not_found: () => notFound()
			});
		}
	),
	place: about(
		'place',
		v.object({ slug: fields.optionalText(60), place: v.optional(v.picklist(['menu', 'footer', 'none']), 'none') }),
		async ({ slug, place }, event, _form, page) =>
			byStatus(await savePagePlace(event.locals.supabase, page.id, slug || page.slug, place), {
				ok: () => `${base(event)}?done=saved`,
				taken: () => refuse('slug', m.pages_slug_taken()),
				invalid: () => refuse('slug', m.pages_slug_wrong(), 422),
				not_found: () => notFound()
			})
	),
	delete: about('delete', v.object({}), async (_, { locals: { supabase, summit } }, _form, page) =>
		byStatus(await deletePage(supabase, page.id), {
			ok: () => `/${summit.slug}/organise/pages`,
			published: () => refuse('', m.pages_delete_published()),
			not_found: () => notFound()
		})
	)
};
