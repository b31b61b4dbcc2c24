import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import type { Enums } from '#lib/database/types.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** Opens the stage of a session. */
export async function openRun(client: DataClient, session: string): Promise<AnswerOf<'open_run'>['status']> {
	return (await rpc(client, 'open_run', { session })).status;
}

/** Moves a run on. */
export function setRunState(client: DataClient, run: string, state: Enums<'run_state'>) {
	return rpc(client, 'set_run_state', { run, state });
}

/** Brings a person on stage or takes them off. */
export function setOnStage(client: DataClient, run: string, person: string, onStage: boolean) {
	return rpc(client, 'set_on_stage', { run, person, on_stage: onStage });
}

/** Brings a person on stage and shows them large. */
export async function giveFloor(client: DataClient, run: string, person: string) {
	const placed = await setOnStage(client, run, person, true);
	return placed === 'ok' || placed === 'already' ? setSpotlight(client, run, person) : placed;
}

/** Bars a person from a session, or admits them again. */
export function barFromSession(client: DataClient, session: string, person: string, barred: boolean) {
	return rpc(client, 'bar_from_session', { session, person, barred });
}

/** Chooses the layout of the stage. */
export function setStageLayout(client: DataClient, run: string, layout: Enums<'stage_layout'>) {
	return rpc(client, 'set_stage_layout', { run, layout });
}

/** Puts a person on stage in the spotlight; null: the current speaker. */
export function setSpotlight(client: DataClient, run: string, person: string | null) {
	return rpc(client, 'set_spotlight', { run, person });
}

/** Starts a countdown of so many seconds; null stops it. */
export function countDown(client: DataClient, run: string, seconds: number | null) {
	return rpc(client, 'set_countdown', { run, seconds });
}

/** Makes a speaker a host of this run, or no longer. */
export function makeRunHost(client: DataClient, run: string, person: string, isHost: boolean) {
	return rpc(client, 'make_run_host', { run, person, is_host: isHost });
}

/** Takes a microphone away or gives it back. */
export function allowMicrophone(client: DataClient, run: string, person: string, allowed: boolean) {
	return rpc(client, 'allow_microphone', { run, person, allowed });
}

/** Whether a session begins and ends automatically; null: a host ends it. */
export function saveSessionClock(client: DataClient, session: string, startsItself: boolean, endsAfter: number | null) {
	return rpc(client, 'save_session_timer', {
		session,
		starts_automatically: startsItself,
		auto_end_minutes: endsAfter
	});
}

/** Admits only these for the moment; null: everyone entitled. */
export function lockEntry(client: DataClient, run: string, toWhom: string | null) {
	return rpc(client, 'lock_entry', { run, to_whom: toWhom });
}

/** Confirms a session's notice before entering; `note`: the version of the content note that was shown. */
export function confirmNotice(client: DataClient, session: string, note: string | undefined) {
	return rpc(client, 'confirm_notice', { session, note });
}

/** Sends a message to the green room. */
export function sayBackstage(client: DataClient, run: string, words: string) {
	return rpc(client, 'send_backstage_message', { run, words });
}

/** Announces to everyone who watches a run, for so many minutes. */
export function announceOnStage(client: DataClient, run: string, words: string, minutes: number) {
	return rpc(client, 'announce_on_stage', { run, words, minutes });
}

/** Takes back what a run announces. */
export function withdrawStageAnnouncement(client: DataClient, run: string) {
	return rpc(client, 'withdraw_stage_announcement', { run });
}

/** Shows a PDF of the session from its first page; null: none. */
export function presentSlides(
	client: DataClient,
	run: string,
	file: string | null
): Promise<AnswerOf<'present_slides'>> {
	return rpc(client, 'present_slides', { run, file });
}

/** Turns to a page. */
export function turnSlide(client: DataClient, run: string, page: number) {
	return rpc(client, 'turn_slide', { run, page });
}

/** A code for the browser at the desk of a room, shown once; null for people who may not make one. */
export async function makeHallCode(client: DataClient, summit: string, room: string): Promise<string | null> {
	const made = await rpc(client, 'make_hall_code', { summit, room });
	return made.status === 'ok' ? made.code : null;
}

/** Revokes every code of a room. */
export function revokeHallCodes(client: DataClient, summit: string, room: string) {
	return rpc(client, 'revoke_hall_codes', { summit, room });
}

/** Raises the level of a session at once, and seals its recording. */
export function raiseLevelInEmergency(client: DataClient, session: string, level: 'chatham_house' | 'closed') {
	return rpc(client, 'raise_level_in_emergency', { session, level });
}
