import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import { readDoorCode, refusalOf, dayOfSummit, type DoorAnswer, type DoorVerdict } from '#lib/door/answer.ts';
import { verifyBadge } from '#lib/door/badge.ts';
import { dayKey } from '#lib/i18n/time.ts';
import { theBadgeKeys } from './badge-key.ts';

interface Place {
	id: string;
	zone: string;
	starts_on: string;
	ends_on: string;
}

interface Checked {
	answer: DoorAnswer;
	display_name?: string | null;
	flags?: string[];
	since?: string | null;
}

/**
 * Checks one badge at a door, from a scanned code or typed letters, and records who is let in. A code is asked about only
 * when its signature is ours: a forged one learns nothing.
 */
export async function checkAtDoor(
	client: SupabaseClient,
	summit: Place,
	typed: string,
	checkpoint: string,
	now: number
): Promise<DoorVerdict> {
	const code = readDoorCode(typed);
	let badge: string | null = null;
	if (code.kind === 'signed') {
		const { verifiers } = await theBadgeKeys();
		const day = dayOfSummit(dayKey(now, summit.zone), summit.starts_on, summit.ends_on);
		const reading = await verifyBadge(code.text, verifiers, { summit: summit.id, ...(day !== undefined && { day }) });
		if (!reading.ok) return refusalOf(reading.refusal);
		badge = reading.rights.badge;
	}
	const letters = code.kind === 'letters' ? code.letters : null;
	const found = await ask<Checked>(client, 'check_badge', { summit: summit.id, badge, letters, checkpoint });
	return {
		answer: found.answer,
		displayName: found.display_name ?? null,
		noPhotographs: found.flags?.includes('no_photographs') ?? false,
		since: found.since ?? null
	};
}

/** How many came in today. */
export async function countAtDoor(client: SupabaseClient, summit: string): Promise<number> {
	return ask(client, 'count_at_door', { summit });
}
