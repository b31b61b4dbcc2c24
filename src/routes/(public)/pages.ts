import { readAgenda } from '#lib/agenda/server/cache.ts';
import { slugOfKind, type ShownPage, type siteKinds } from '#lib/pages/page.ts';
import { readPages } from '#lib/pages/server/pages.ts';
import { namesSessions, withSessions, type PageWithSessions } from '#lib/pages/sessions.ts';

/** The kinds of pages that the site itself shows. */
type SiteKind = (typeof siteKinds)[number];

/** Pages with the sessions that they name, as the reader sees them. */
export async function addSessions(
	locals: App.Locals,
	summit: string,
	pages: readonly ShownPage[]
): Promise<PageWithSessions[]> {
	const agenda = pages.some(namesSessions) ? await readAgenda(locals, summit) : null;
	return pages.map((page) => withSessions(page, agenda));
}

/** A published page; null for an address that has none. */
export async function readPage(locals: App.Locals, summit: string, slug: string): Promise<PageWithSessions | null> {
	const [page] = await addSessions(locals, summit, await readPages(locals.supabase, summit, [slug]));
	return page ?? null;
}

/** The published pages of these kinds that the site shows, by kind. */
export async function readSitePages(
	locals: App.Locals,
	summit: string,
	kinds: readonly SiteKind[]
): Promise<Partial<Record<SiteKind, PageWithSessions>>> {
	const found = await readPages(locals.supabase, summit, kinds.map(slugOfKind));
	return Object.fromEntries((await addSessions(locals, summit, found)).map((page) => [page.kind, page]));
}
