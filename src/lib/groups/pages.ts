/* Pages of groups: their forms. No I/O. */
import type { GroupPage } from '#lib/database/answers/group-pages.ts';
import type { Group } from '#lib/database/answers/groups.ts';
import { checkbox, wholeNumber } from '#lib/forms/fields.ts';
import { locales, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';

type Draft = { title: TextMap; body: TextMap } | null;

/** Whether the reader writes the pages of a group: its chairs and secretaries do. */
export const writesPages = ({ people }: Pick<Group, 'people'>): boolean =>
	people.some(({ is_me, part }) => is_me && (part === 'chair' || part === 'secretary'));

/** The form of a page; its texts can be written in the languages of the site and in those that they have. */
export const pageSchema = (draft: Draft) =>
	v.object({
		...textEntries('title', tagsFor(locales, draft?.title), { required: true, most: 120 }),
		...textEntries('body', tagsFor(locales, draft?.body), { required: true, most: 20_000, lines: true }),
		for_readers: checkbox(),
		version: wholeNumber(0)
	});

/** The fields of a page for the database. */
export function pageFields(input: Record<string, unknown>, draft: Draft) {
	return {
		title: gatherText(input, 'title', tagsFor(locales, draft?.title)),
		body: gatherText(input, 'body', tagsFor(locales, draft?.body)),
		for_readers: input['for_readers'] === true
	};
}

const acts = ['publish', 'withdraw', 'up', 'down', 'delete'] as const;

/** What is done with a page. */
export const pageActSchema = v.object({ act: v.picklist(acts), version: wholeNumber(0) });

/** What its writers may do with a page now, as buttons. */
export const pageActs = ({ shown }: Pick<GroupPage, 'shown'>) =>
	[
		{ act: 'publish', label: shown ? m.groups_page_publish_again() : m.groups_page_publish(), kind: 'filled' as const },
		shown && { act: 'withdraw', label: m.groups_page_withdraw(), kind: 'quiet' as const },
		{ act: 'up', label: m.groups_page_up(), kind: 'quiet' as const },
		{ act: 'down', label: m.groups_page_down(), kind: 'quiet' as const },
		{ act: 'delete', label: m.groups_page_delete(), kind: 'bad' as const }
	].filter((each) => each !== null);
