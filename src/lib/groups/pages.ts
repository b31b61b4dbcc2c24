/* Pages of groups: their forms. No I/O. */
import type { GroupPage } from '#lib/database/answers/group-pages.ts';
import type { Group } from '#lib/database/answers/groups.ts';
import { checkbox, optionalId, wholeNumber } from '#lib/forms/fields.ts';
import { locales, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { wrongLinks } from '#lib/pages/formatted.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';

type Draft = { title: TextMap; body: TextMap } | null;

/** Whether the reader writes the pages of a group: its chairs and secretaries do, until it ends. */
export const writesPages = ({ people, is_ended }: Pick<Group, 'people' | 'is_ended'>): boolean =>
	!is_ended && people.some(({ is_me, part }) => is_me && (part === 'chair' || part === 'secretary'));

// The texts of a page; a link that readers would see as raw text is refused.
const bodyEntries = (draft: Draft) =>
	Object.fromEntries(
		Object.entries(
			textEntries('body', tagsFor(locales, draft?.body), { required: true, most: 20_000, lines: true })
		).map(([field, schema]) => [
			field,
			v.pipe(
				schema,
				v.check(
					(words) => wrongLinks(words).length === 0,
					({ input }) => m.pages_link_wrong({ link: wrongLinks(input)[0] ?? '' })
				)
			)
		])
	);

/** The form of a page, saved as a draft or published too; `once` makes a second click add no second page. Its texts can be written in the languages of the site and in those that they have. */
export const pageSchema = (draft: Draft) =>
	v.object({
		...textEntries('title', tagsFor(locales, draft?.title), { required: true, most: 120 }),
		...bodyEntries(draft),
		for_readers: checkbox(),
		once: optionalId(),
		act: v.picklist(['save', 'publish']),
		version: wholeNumber(0)
	});

/** The fields of a page for the database. */
export function pageFields(input: Record<string, unknown>, draft: Draft) {
	return {
		title: gatherText(input, 'title', tagsFor(locales, draft?.title)),
		body: gatherText(input, 'body', tagsFor(locales, draft?.body)),
		for_readers: input['for_readers'] === true,
		publish: input['act'] === 'publish',
		...(typeof input['once'] === 'string' && input['once'] !== '' && { id: input['once'] })
	};
}

const acts = ['withdraw', 'up', 'down', 'delete'] as const;

/** What is done with a page besides writing it. */
export const pageActSchema = v.object({ act: v.picklist(acts), version: wholeNumber(0) });

/** What its writers may do with a page now, as buttons. Only one that is not published is deleted. */
export const pageActs = ({ shown }: Pick<GroupPage, 'shown'>, { is_ended }: Pick<Group, 'is_ended'>) =>
	[
		shown && { act: 'withdraw', label: m.groups_page_withdraw(), kind: 'quiet' as const },
		!is_ended && { act: 'up', label: m.groups_page_up(), kind: 'quiet' as const },
		!is_ended && { act: 'down', label: m.groups_page_down(), kind: 'quiet' as const },
		!shown && { act: 'delete', label: m.groups_page_delete(), kind: 'bad' as const }
	].filter((each) => each !== null && each !== false);

/** What was done with a page, as its address says (`done`); null for nothing. */
export function pageDone(done: string, page: Pick<GroupPage, 'shown'> | null): string | null {
	if (done === 'publish') return page?.shown ? m.groups_page_done_published({ number: page.shown.number }) : null;
	if (done === 'save') return m.groups_page_done_saved();
	if (done === 'withdraw') return m.groups_page_done_withdrawn();
	return done === 'up' || done === 'down' ? m.groups_page_done_moved() : null;
}
