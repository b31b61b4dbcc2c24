import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { Booth, BoothView, Languages } from '#lib/interpretation/interpretation.ts';
import { withNames } from '#lib/stage/naming.ts';

/** The languages of what is on in a room; none for whoever may not enter. */
export async function readLanguages(client: SupabaseClient, summit: string, room: string): Promise<Languages> {
	return (await ask<Languages | null>(client, 'read_languages', { summit, room })) ?? { languages: [], own: [] };
}

/** The page of one booth; null for whoever has no business there. */
export async function readBooth(
	client: SupabaseClient,
	summit: string,
	room: string,
	language: string
): Promise<BoothView | null> {
	const booth = await ask<BoothView | null>(client, 'read_booth', { summit, room, language });
	return booth && { ...booth, on_stage: withNames(booth.on_stage) };
}

/** Every booth of a run that the reader may see into. */
export async function readBooths(client: SupabaseClient, run: string): Promise<Booth[]> {
	return (await ask<Booth[] | null>(client, 'read_booths', { run })) ?? [];
}

/** Takes the microphone. `ok`, `already`, or why not: not_found, on_stage, busy. */
export function takeBooth(client: SupabaseClient, run: string, language: string): Promise<string> {
	return ask<string>(client, 'take_booth', { run, language });
}

/** Offers the microphone to the partner, or takes the offer back. `ok`, `already`, not_found. */
export function offerBooth(client: SupabaseClient, run: string, language: string, offered: boolean): Promise<string> {
	return ask<string>(client, 'offer_booth', { run, language, offered });
}

/** Leaves the microphone. `ok`, `already`, not_found. */
export function leaveBooth(client: SupabaseClient, run: string, language: string): Promise<string> {
	return ask<string>(client, 'leave_booth', { run, language });
}

/** Says that the page of a booth is open and connected. `ok` or not_found. */
export function beatBooth(client: SupabaseClient, run: string, language: string): Promise<string> {
	return ask<string>(client, 'send_booth_heartbeat', { run, language });
}

/** Writes a line to the others of a booth. `ok`, or why not: not_found, invalid, too_often. */
export function sayInBooth(client: SupabaseClient, run: string, language: string, words: string): Promise<string> {
	return ask<string>(client, 'send_booth_message', { run, language, words });
}

/** Opens a booth or changes one. `ok`, or why not: not_found, invalid. */
export function saveBooth(client: SupabaseClient, run: string, language: string, minutes: number): Promise<string> {
	return ask<string>(client, 'save_booth', { run, language, is_signed: null, hint_minutes: minutes });
}

/** Closes a booth. `ok` or not_found. */
export function closeBooth(client: SupabaseClient, run: string, language: string): Promise<string> {
	return ask<string>(client, 'close_booth', { run, language });
}

/** Seats an interpreter in a booth, or takes one out. `ok` or not_found. */
export function seatInBooth(
	client: SupabaseClient,
	run: string,
	language: string,
	person: string,
	seated: boolean
): Promise<string> {
	return ask<string>(client, 'seat_in_booth', { run, language, person, seated });
}

/** Puts an interpreter on air, or (null) nobody. `ok`, `already`, or why not: not_found, on_stage. */
export function putOnAir(
	client: SupabaseClient,
	run: string,
	language: string,
	person: string | null
): Promise<string> {
	return ask<string>(client, 'put_on_air', { run, language, person });
}
