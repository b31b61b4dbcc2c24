import type { ImpactReport, ListedImpactReport } from '#lib/database/answers/impact.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { clearOnChange, LiveCache } from '#lib/live/server/live-cache.ts';
import { readImpactReport } from './impact.ts';

const limits = { ttl: 60_000, cachesWithoutEvents: true, onEvent: clearOnChange };
// One entry: a report is of a Summit that is closed, and everybody reads it.
const listed = new LiveCache<ListedImpactReport[]>({ ...limits, entries: 1 });

/** The Summits with a released report, the newest first. */
export function listImpactReports(): Promise<ListedImpactReport[]> {
	return listed.get('', () => rpc(anonymousClient(), 'list_impact_reports'));
}

/** The report of an address: the newest, or the one of `?release=`. Answers 404 where there is none. */
export async function requireReport({ locals, url }: { locals: App.Locals; url: URL }): Promise<ImpactReport> {
	const asked = url.searchParams.get('release');
	if (asked !== null && !/^\d{1,6}$/.test(asked)) notFound();
	return (
		(await readImpactReport(locals.supabase, locals.summit.id, asked === null ? null : Number(asked))) ?? notFound()
	);
}
