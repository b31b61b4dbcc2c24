import { readAgenda } from '#lib/agenda/server/cache.ts';
import { readCall } from '#lib/proposals/server/call.ts';
import { isSiteKind } from '#lib/pages/page.ts';
import { listPageLinks } from '#lib/pages/server/pages.ts';
import { landingAgenda } from '#lib/summits/landing.ts';
import { readSitePages } from './pages.ts';

// The landing page shows these in full.
const own = ['about', 'attending_in_person', 'attending_virtually'] as const;

/** The data of the landing page; null before the first Summit is announced. */
export async function readLanding(locals: App.Locals) {
	const { shownSummit: summit, viewer } = locals;
	if (!summit) return null;
	const [{ sessions }, call, pages, links] = await Promise.all([
		readAgenda(locals, summit.id),
		readCall(locals.supabase, summit.id),
		readSitePages(locals, summit.id, own),
		listPageLinks(locals.supabase, summit)
	]);
	// Contacts and rules are separate pages.
	const { contacts: _contacts, consents: _consents, texts: _texts, ...shown } = summit;
	return {
		summit: shown,
		pages,
		links: links.filter(({ place, kind }) => place === 'menu' && !isSiteKind(kind)),
		agenda: landingAgenda(sessions, Date.now()),
		hasAgenda: sessions.length > 0,
		reader: viewer?.timeZone ?? null,
		registered: viewer?.registered.includes(summit.id) ?? false,
		proposing: call?.window === 'open' || call?.window === 'late'
	};
}
