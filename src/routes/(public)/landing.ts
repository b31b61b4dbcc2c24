import { readAgenda } from '#lib/agenda/server/kept.ts';

/** What the landing page needs; null before the first Summit is announced. */
export async function readLanding({ summit, viewer, supabase }: App.Locals) {
	if (!summit) return null;
	const { sessions } = await readAgenda(viewer ? supabase : null, summit.id);
	return {
		summit,
		sessions,
		reader: viewer?.timeZone ?? null,
		registered: viewer?.registered.includes(summit.id) ?? false
	};
}
