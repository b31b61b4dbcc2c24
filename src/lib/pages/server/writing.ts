import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { isId } from '#lib/forms/ids.ts';
import type { DraftContent } from '#lib/pages/blocks.ts';
import { outlineOf, suggestedTitle } from '#lib/pages/outlines.ts';
import { isSiteKind, slugOfKind, type ListedPage, type PageDraft, type PageKind } from '#lib/pages/page.ts';

/** All pages of a Summit in their order; null for who writes none. */
export const listPages = (client: DataClient, summit: string): Promise<ListedPage[] | null> =>
	rpc(client, 'list_pages', { summit });

/** The draft of a page; null for who may not write it. */
export async function readPageDraft(client: DataClient, summit: string, page: string): Promise<PageDraft | null> {
	return isId(page) ? rpc(client, 'read_page_draft', { summit, page }) : null;
}

/** The draft, or an earlier version, as readers would see it. */
export async function previewPage(client: DataClient, summit: string, page: string, version: number | null) {
	return isId(page) ? rpc(client, 'preview_page', { summit, page, ...(version !== null && { version }) }) : null;
}

/** Adds a page of a kind with what its writers usually say there. A second page of a kind gets a number. */
export async function addPage(
	client: DataClient,
	summit: { id: string; languages: readonly string[] },
	kind: PageKind
) {
	const slugs = new Set((await listPages(client, summit.id))?.map(({ slug }) => slug));
	const base = slugOfKind(kind);
	const numbered = (number: number): string =>
		slugs.has(`${base}-${number}`) ? numbered(number + 1) : `${base}-${number}`;
	return rpc(client, 'add_page', {
		summit: summit.id,
		kind,
		slug: !isSiteKind(kind) && slugs.has(base) ? numbered(2) : base,
		title: isSiteKind(kind) || kind === 'other' ? {} : suggestedTitle(kind, summit.languages),
		blocks: outlineOf(kind, summit.languages)
	});
}

/** Saves a draft that was made from a revision. Nothing is written over what somebody else saved in the meantime. */
export const savePage = (client: DataClient, page: string, revision: number, draft: DraftContent) =>
	rpc(client, 'save_page', { page, revision, draft: { ...draft } });

/** Publishes the draft as the next version. */
export const publishPage = (client: DataClient, page: string, revision: number) =>
	rpc(client, 'publish_page', { page, revision });

/** Takes a page away from readers. */
export const unpublishPage = (client: DataClient, page: string) => rpc(client, 'unpublish_page', { page });

/** Makes an earlier version the draft. */
export const restoreVersion = (client: DataClient, page: string, number: number, revision: number) =>
	rpc(client, 'restore_page_version', { page, number, revision });

/** Saves the address and the place of a page. */
export const savePagePlace = (client: DataClient, page: string, slug: string, place: string) =>
	rpc(client, 'save_page_place', { page, slug, place });

/** Moves a page one place. */
export const movePage = (client: DataClient, page: string, by: -1 | 1) => rpc(client, 'move_page', { page, by });

/** Deletes a page that readers do not see. */
export const deletePage = (client: DataClient, page: string) => rpc(client, 'delete_page', { page });

/** The people whom a page may name. */
export const listPagePeople = (client: DataClient, summit: string) => rpc(client, 'list_page_people', { summit });

/** Publishes a page that the site shows as one text; an empty text takes it away from readers. */
export const savePageText = (client: DataClient, summit: string, kind: string, body: TextMap) =>
	rpc(client, 'save_page_text', { summit, kind, body });
