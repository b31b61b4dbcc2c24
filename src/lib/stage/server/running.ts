import type { DataClient } from '#lib/database/client.ts';
import type { Enums } from '#lib/database/types.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** Opens the stage of a session. `ok`, or why not: not_found, cancelled, too_early, no_room. */
export async function openRun(client: DataClient, session: string): Promise<string> {
	return (await rpc(client, 'open_run', { session })).status;
}

/** Moves a run on. `ok`, `already`, or why not: not_found, not_possible, room_busy. */
export function setRunState(client: DataClient, run: string, state: Enums<'run_state'>): Promise<string> {
	return rpc(client, 'set_run_state', { run, state });
}

/**
 * Brings a person on stage or takes them off. `ok`, `already`, or why not: not_found, not_a_speaker, kept_off, ended.
 */
export function setOnStage(client: DataClient, run: string, person: string, onStage: boolean): Promise<string> {
	return rpc(client, 'set_on_stage', { run, person, on_stage: onStage });
}

/** Bars a person from a session, or admits them again. `ok`, `already`, or why not: not_found, not_allowed. */
export function barFromSession(client: DataClient, session: string, person: string, barred: boolean): Promise<string> {
	return rpc(client, 'bar_from_session', { session, person, barred });
}

/** Chooses the layout of the stage. `ok`, `already` or not_found. */
export function setStageLayout(client: DataClient, run: string, layout: Enums<'stage_layout'>): Promise<string> {
	return rpc(client, 'set_stage_layout', { run, layout });
}

/** Puts a person on stage in the spotlight; null: the current speaker. `ok`, `already` or not_found. */
export function setSpotlight(client: DataClient, run: string, person: string | null): Promise<string> {
	return rpc(client, 'set_spotlight', { run, person });
}

/** Starts a countdown of so many seconds; null stops it. `ok`, not_possible or not_found. */
export function countDown(client: DataClient, run: string, seconds: number | null): Promise<string> {
	return rpc(client, 'set_countdown', { run, seconds });
}

/** Makes a speaker a host of this run, or no longer. `ok`, `already`, not_a_speaker or not_found. */
export function makeRunHost(client: DataClient, run: string, person: string, isHost: boolean): Promise<string> {
	return rpc(client, 'make_run_host', { run, person, is_host: isHost });
}

/** Takes a microphone away or gives it back. `ok`, `already` or not_found. */
export function allowMicrophone(client: DataClient, run: string, person: string, allowed: boolean): Promise<string> {
	return rpc(client, 'allow_microphone', { run, person, allowed });
}

/** Whether a session begins and ends automatically; null: a host ends it. `ok` or not_found. */
export function saveSessionClock(
	client: DataClient,
	session: string,
	startsItself: boolean,
	endsAfter: number | null
): Promise<string> {
	return rpc(client, 'save_session_timer', {
		session,
		starts_automatically: startsItself,
		auto_end_minutes: endsAfter
	});
}

/** Admits only these for the moment; null: everyone entitled. `ok`, `already`, not_possible or not_found. */
export function lockEntry(client: DataClient, run: string, toWhom: string | null): Promise<string> {
	return rpc(client, 'lock_entry', { run, to_whom: toWhom });
}

/** Confirms a session's notice before entering. `ok`, or why they may not. */
export function confirmNotice(client: DataClient, session: string): Promise<string> {
	return rpc(client, 'confirm_notice', { session });
}

/** Sends a message to the green room. `ok`, too_long, too_often or not_found. */
export function sayBackstage(client: DataClient, run: string, words: string): Promise<string> {
	return rpc(client, 'send_backstage_message', { run, words });
}

/** Shows a PDF of the session from its first page; null: none. `ok` with its version, or not_found. */
export function presentSlides(
	client: DataClient,
	run: string,
	file: string | null
): Promise<{ status: string; version: string | null }> {
	return rpc(client, 'present_slides', { run, file });
}

/** Turns to a page. `ok`, `already`, not_possible or not_found. */
export function turnSlide(client: DataClient, run: string, page: number): Promise<string> {
	return rpc(client, 'turn_slide', { run, page });
}

/** A code for the browser at the desk of a room, shown once; null for people who may not make one. */
export async function makeHallCode(client: DataClient, summit: string, room: string): Promise<string | null> {
	return (await rpc(client, 'make_hall_code', { summit, room })).code ?? null;
}

/** Revokes every code of a room. `ok`, `already` or not_found. */
export function revokeHallCodes(client: DataClient, summit: string, room: string): Promise<string> {
	return rpc(client, 'revoke_hall_codes', { summit, room });
}

/** Raises the level of a session at once, and seals its recording. `ok`, `already` or not_found. */
export function raiseLevelInEmergency(
	client: DataClient,
	session: string,
	level: 'chatham_house' | 'closed'
): Promise<string> {
	return rpc(client, 'raise_level_in_emergency', { session, level });
}
