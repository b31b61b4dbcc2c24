import { freeRequest } from '#lib/agenda/builder/request.ts';
import { codes, openFindings } from '#lib/agenda/checks/checks.ts';
import { canMoveAway, remedyFor, type OfferedRemedy } from '#lib/agenda/checks/remedies.ts';
import { readChecks } from '#lib/agenda/server/checks.ts';
import { readDraftSession } from '#lib/agenda/server/draft.ts';
import { readMove } from '#lib/agenda/server/placing.ts';
import { error, json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** How many findings of one check are solved at once. */
const most = 20;

/** What would solve the findings of one check, by their fingerprints. */
export const GET: RequestHandler = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const code = codes.find((one) => one === url.searchParams.get('code')) ?? error(400);
	const checks = (await readChecks(supabase, summit.id)) ?? error(404);
	const mine = openFindings(checks.findings).filter((finding) => finding.code === code);
	if (!canMoveAway(code)) return json({});
	const offered: Record<string, OfferedRemedy> = {};
	for (const { fingerprint, sessions, detail } of mine.slice(0, most)) {
		// The later one of two moves.
		const session = await readDraftSession(supabase, sessions.at(-1) ?? '');
		const facts = session && (await readMove(supabase, session.id));
		if (!session || !facts) continue;
		const slot = session.slots.find(({ start, end }) => isDuring(detail, start, end)) ?? session.slots[0] ?? null;
		const remedy = remedyFor(code, facts, freeRequest(summit, session, slot), slot);
		if (!remedy) continue;
		const seen = slot && { start: slot.start, end: slot.end, rooms: slot.rooms };
		offered[fingerprint] = {
			...remedy,
			session: session.id,
			slot: slot?.id ?? null,
			seen,
			times: session.slots.length
		};
	}
	return json(offered, { headers: { 'cache-control': 'no-store' } });
};

// The time of a session that has several which the finding is about.
function isDuring(
	detail: { start?: string | undefined; end?: string | undefined },
	start: string,
	end: string
): boolean {
	if (!detail.start || !detail.end) return false;
	return Date.parse(detail.start) < Date.parse(end) && Date.parse(start) < Date.parse(detail.end);
}
