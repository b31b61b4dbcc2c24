import { ask } from '#lib/database/server/ask.ts';
import type { LastCheck, Outcome } from '#lib/speakers/device-check.ts';
import type { SupabaseClient } from '@supabase/supabase-js';

/** The reader's last test; null for who does not speak at the Summit. */
export function readDeviceCheck(
	client: SupabaseClient,
	summit: string
): Promise<{ last: LastCheck | null; due_at: string | null; no_photographs: boolean } | null> {
	return ask(client, 'read_device_check', { summit });
}

/** Answers ok, not_found or invalid. */
export function saveDeviceCheck(client: SupabaseClient, summit: string, outcome: Outcome): Promise<string> {
	return ask(client, 'save_device_check', { summit, outcome });
}
