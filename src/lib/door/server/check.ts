import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import {
	namelessVerdict,
	isPassage,
	readDoorCode,
	verdictOfRefusal,
	type DoorDirection,
	type DoorVerdict
} from '#lib/door/answer.ts';
import type { Checkpoint } from '#lib/door/checkpoint.ts';
import { readAtDoor, type ReadingPlace } from '#lib/door/reading.ts';
import { theBadgeKeys } from './badge-key.ts';
import type { BadgeCheck, BadgeMatch } from '#lib/database/answers/door/checkpoints.ts';

/**
 * The badge in a QR code or a badge code; a QR code only with our signature, so that a forged one reveals
 * nothing.
 */
export async function readBadge(
	summit: ReadingPlace,
	typed: string,
	direction: DoorDirection,
	now: number
): Promise<{ badge: string } | { badge_code: string } | { refused: DoorVerdict }> {
	const code = readDoorCode(typed);
	if (code.kind === 'badge_code') return { badge_code: code.badge_code };
	const { verifiers } = await theBadgeKeys();
	const reading = await readAtDoor(code.text, verifiers, summit, direction, now);
	return reading.ok ? { badge: reading.rights.badge } : { refused: verdictOfRefusal(reading.refusal) };
}

/** The database's answer as the page shows it. */
export function doorVerdictOf(found: BadgeCheck): DoorVerdict {
	return {
		...namelessVerdict(found.answer),
		displayName: found.display_name ?? null,
		flags: found.flags ?? [],
		since: found.since ?? null,
		where: found.where ?? null,
		elsewhere: found.elsewhere ?? null,
		scan: isPassage(found.answer) ? (found.scan ?? null) : null
	};
}

/** Checks one badge at a checkpoint, from a scanned QR code or a typed badge code, and records who passes. */
export async function checkAtDoor(
	client: DataClient,
	summit: ReadingPlace,
	typed: string,
	at: { checkpoint: string | null; direction: DoorDirection },
	now: number
): Promise<DoorVerdict> {
	const read = await readBadge(summit, typed, at.direction, now);
	if ('refused' in read) return read.refused;
	const badge = 'badge' in read ? read.badge : null;
	const badge_code = 'badge_code' in read ? read.badge_code : null;
	return doorVerdictOf(await rpc(client, 'check_badge', { summit: summit.id, badge, badge_code, ...at }));
}

/** Undoes a scan within a minute. */
export function undoScan(client: DataClient, summit: string, scan: string) {
	return rpc(client, 'undo_scan', { summit, scan });
}

/** The checkpoints, in order. */
export function listCheckpoints(client: DataClient, summit: string): Promise<Checkpoint[]> {
	return rpc(client, 'list_checkpoints', { summit });
}

/** How many came in today. */
export async function countAtDoor(client: DataClient, summit: string): Promise<number> {
	return rpc(client, 'count_arrivals_today', { summit });
}

/** By name, for those who manage registrations; null for others. */
export function findAtDoor(client: DataClient, summit: string, name: string): Promise<BadgeMatch[] | null> {
	return rpc(client, 'find_badges_by_name', { summit, name });
}
