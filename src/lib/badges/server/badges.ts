import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { badgeFilters, type BadgeList, type BadgeQuery } from '../list.ts';
import type { PaperBadge } from '../paper.ts';
import type { Reissued } from '#lib/database/answers/badges.ts';

export type { Reissued } from '#lib/database/answers/badges.ts';

/** A page of the currently valid badges; null for readers who may not print. */
export function listBadges(
	client: DataClient,
	summit: string,
	query: BadgeQuery,
	size: number
): Promise<BadgeList | null> {
	return rpc(client, 'list_badges', { summit, filters: badgeFilters(query), page: query.page, page_size: size });
}

/** The data for printing: badges with these ids, or all that match the filters; null for readers who may not print. */
export function badgesForPaper(
	client: DataClient,
	summit: string,
	chosen: { badges: string[] } | BadgeQuery
): Promise<PaperBadge[] | null> {
	return rpc(client, 'list_badges_to_print', { summit, filters: 'badges' in chosen ? chosen : badgeFilters(chosen) });
}

/**
 * Replaces those of them that were printed before, and answers which badges to print; null for readers who may not
 * print.
 */
export function renewPrinted(
	client: DataClient,
	summit: string,
	badges: string[],
	reason: string
): Promise<string[] | null> {
	return rpc(client, 'reissue_printed_badges', { summit, badges, reason });
}

/** Records who printed them. Answers how many were recorded. */
export function notePrints(client: DataClient, summit: string, badges: string[], layout: string): Promise<number> {
	return rpc(client, 'record_badge_prints', { summit, badges, layout });
}

/** A new badge in the place of the one that is seen; that one opens no door any more. */
export function reissueBadge(
	client: DataClient,
	registration: string,
	badge: string,
	reason: string
): Promise<Reissued> {
	return rpc(client, 'reissue_badge', { registration, badge, reason });
}
