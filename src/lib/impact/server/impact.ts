import { createHash } from 'node:crypto';
import type {
	ComparedEdition,
	ImpactContent,
	ImpactCounts,
	ImpactDraft,
	ImpactReport
} from '#lib/database/answers/impact.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { contentOf, hasOldFigures } from '../content.ts';
import type { IndicatorKey, ReportPlace } from '../indicators.ts';

/** What organisers have written, and the releases; null for others than programme organisers and owners. */
export function readImpactDraft(client: DataClient, summit: string): Promise<ImpactDraft | null> {
	return rpc(client, 'read_impact_draft', { summit });
}

/** Saves texts and targets (null removes one), if nobody else has since `version`. */
export function saveImpactDraft(
	client: DataClient,
	summit: string,
	version: number,
	changes: { texts?: Partial<Record<ReportPlace, TextMap>>; targets?: Partial<Record<IndicatorKey, number | null>> }
): Promise<AnswerOf<'save_impact_draft'>> {
	return rpc(client, 'save_impact_draft', { summit, version, changes });
}

async function readCounts(summit: string): Promise<ImpactCounts> {
	const [row] = await callPrivate('count_impact', [summit]);
	const counts = row?.count_impact;
	if (!counts) throw new Error('The Summit of an impact report is not there.');
	return counts;
}

/**
 * The numbers of a Summit as a release would freeze them now, beside those that were released about the edition before.
 * For callers that have asked whether the reader is an organiser.
 */
export async function makeImpactContent(summit: string, now = Date.now()): Promise<ImpactContent> {
	return contentOf(await readCounts(summit), now);
}

/** The same for the pages of organisers, and whether figures of registrations are to be released first. */
export async function makeImpactPreview(summit: string): Promise<{ content: ImpactContent; hasOldFigures: boolean }> {
	const counts = await readCounts(summit);
	return { content: contentOf(counts, Date.now()), hasOldFigures: hasOldFigures(counts) };
}

/** By what the form of the preview names the numbers that the organiser saw. */
export const fingerprintOf = (content: ImpactContent): string =>
	createHash('sha256').update(JSON.stringify(content)).digest('base64url');

/**
 * Releases the draft and the numbers that the organiser saw, after release number `after` (0: the first). Changed: the
 * numbers are no longer those of the preview, and nothing is released.
 */
export async function releaseImpact(
	client: DataClient,
	summit: string,
	{ version, after, reason, fingerprint }: { version: number; after: number; reason: string; fingerprint: string }
): Promise<AnswerOf<'begin_impact_release'>['status'] | 'changed'> {
	const begun = await rpc(client, 'begin_impact_release', { summit, version, after, reason });
	if (begun.status !== 'ok') return begun.status;
	const content = await makeImpactContent(summit);
	if (fingerprintOf(content) !== fingerprint) return 'changed';
	const [row] = await callPrivate('complete_impact_release', [begun.release, JSON.stringify(content)]);
	return row?.complete_impact_release ?? 'stale';
}

/** A released report, by default the newest; null when there is none. */
export function readImpactReport(
	client: DataClient,
	summit: string,
	number: number | null = null
): Promise<ImpactReport | null> {
	return rpc(client, 'read_impact_report', { summit, number });
}

/** The editions that can be compared with a Summit, itself among them; null for others than its registration organisers. */
export function compareEditions(client: DataClient, summit: string): Promise<ComparedEdition[] | null> {
	return rpc(client, 'compare_editions', { summit });
}
