import { readAgenda } from '#lib/agenda/server/cache.ts';
import { readCall } from '#lib/proposals/server/call.ts';
import { landingAgenda } from '#lib/summits/landing.ts';

/** The data of the landing page; null before the first Summit is announced. */
export async function readLanding(locals: App.Locals) {
	const { shownSummit: summit, viewer } = locals;
	if (!summit) return null;
	const [{ sessions }, call] = await Promise.all([readAgenda(locals, summit.id), readCall(locals.supabase, summit.id)]);
	// Contacts and rules are separate pages.
	const { contacts: _contacts, consents: _consents, ...shown } = summit;
	return {
		summit: shown,
		agenda: landingAgenda(sessions, Date.now()),
		hasAgenda: sessions.length > 0,
		reader: viewer?.timeZone ?? null,
		registered: viewer?.registered.includes(summit.id) ?? false,
		proposing: call?.window === 'open' || call?.window === 'late'
	};
}
