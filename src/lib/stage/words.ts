import { joinLabel } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import type { AnswerOf, RefusalOf, StatusOf } from '#lib/database/calls.ts';
import type { ConnectionPhase } from './connection.svelte.ts';
import type { StageAlarm } from './desk.ts';
import type { DeviceProblem } from './devices.ts';
import type { DeviceState, OwnDevice } from './own-device.ts';
import type { SignalQuality } from './signal-quality.ts';
import type { Pass, RunState, StageRole, StageSession } from './stage.ts';

/** Why a person cannot watch a session that they see, in a sentence. */
export const entrySentences: Record<Exclude<RefusalOf<'confirm_notice'>, 'not_seen'>, () => string> = {
	sign_in: m.stage_entry_sign_in,
	not_registered: m.stage_entry_not_registered,
	not_listed: m.stage_entry_not_listed,
	in_review: m.stage_entry_in_review,
	hall_only: m.stage_entry_hall_only,
	barred: m.stage_entry_barred,
	no_place: m.stage_entry_no_place,
	locked: m.stage_run_entry_locked
};

/** Whether somebody may watch, or what came of asking for a pass. */
export type EntryStatus = StatusOf<AnswerOf<'confirm_notice'>> | Pass['status'];

/** The same for any answer; null when it is no reason. */
export function entrySentence(entry: EntryStatus | null): string | null {
	const sentences: Record<EntryStatus, () => string | null> = {
		...entrySentences,
		ok: () => null,
		not_seen: () => null,
		none: () => null,
		away: () => null,
		busy: () => null,
		unconfirmed: () => null,
		not_backstage: () => null,
		closed: () => null,
		full: () => null,
		waiting: () => null,
		removed: () => null
	};
	return entry && sentences[entry]();
}

/** What a level requires of its viewers. */
export function noticeSentence(level: StageSession['level']): string {
	return {
		public: m.stage_run_notice_public,
		members: m.stage_run_notice_members,
		chatham_house: m.stage_run_notice_chatham_house,
		closed: m.stage_run_notice_closed
	}[level]();
}

/** The text of a stage alarm. */
export function alarmSentence(alarm: StageAlarm): string {
	return {
		no_host: m.stage_alarm_no_host,
		empty_stage: m.stage_alarm_empty_stage,
		silent: m.stage_alarm_silent,
		hall_lost: m.stage_alarm_hall_lost,
		recording: m.stage_alarm_recording,
		recording_sound: m.stage_alarm_recording_sound,
		poor_line: m.stage_alarm_poor_line,
		speakers_missing: m.stage_alarm_speakers_missing,
		over: m.stage_alarm_over,
		silent_booth: m.stage_alarm_silent_booth
	}[alarm]();
}

/** The quality of a person's connection, in two words. */
export function signalQualityWord(quality: SignalQuality): string {
	return { good: m.stage_desk_connection_good, poor: m.stage_desk_connection_poor, lost: m.stage_desk_connection_lost }[
		quality
	]();
}

/** The state of a connection, in a sentence; null while there is nothing to explain. */
export function phaseSentence(phase: ConnectionPhase, isBuilding = false): string | null {
	switch (phase) {
		case 'joining':
			return m.stage_joining();
		case 'mending':
			return m.stage_mending();
		case 'away':
			return isBuilding ? m.stage_building() : m.stage_away();
		case 'elsewhere':
			return m.stage_elsewhere();
		case 'over':
			return m.stage_over();
		case 'captions':
			return m.stage_quality_captions_what();
		case 'blocked':
			return m.stage_quality_blocked();
		case 'unsupported':
			return m.connection_check_unsupported_what();
		default:
			return null;
	}
}

/** The state of a run, in a word or two; '' while it is live. */
export function runWord(state: RunState): string {
	return { waiting: m.stage_waiting_word, live: () => '', paused: m.stage_paused_word, ended: m.stage_over }[state]();
}

/** What a person on stage must know about who sees and hears them. */
export function onStageSentence(state: RunState, isHeard: boolean): string {
	if (state === 'live') return isHeard ? m.stage_you_live() : m.stage_you_unheard();
	return state === 'paused' ? m.stage_you_paused() : m.stage_you_waiting();
}

/** A person's role by name. */
export function stageRoleWord(role: StageRole): string {
	const words: Record<StageRole, () => string> = {
		host: m.stage_role_host,
		speaker: m.stage_role_speaker,
		interpreter: m.stage_role_interpreter,
		captioner: m.stage_role_captioner,
		manager: m.stage_role_manager,
		viewer: () => '',
		hall: m.stage_hall_heading
	};
	return words[role]();
}

/** The state of the person's camera or microphone, in a word or two. */
export function deviceWord(device: OwnDevice, state: DeviceState): string {
	const words: Record<DeviceState, () => string> = {
		on: m.stage_on,
		off: m.stage_off,
		ready: m.stage_device_ready,
		starting: m.stage_device_starting,
		withheld: device === 'microphone' ? m.stage_run_silenced_word : m.stage_device_withheld,
		refused: m.stage_device_refused,
		missing: m.stage_device_missing,
		busy: m.stage_device_busy,
		unsupported: m.stage_device_unsupported,
		failed: m.stage_device_failed,
		ended: m.stage_device_ended
	};
	return words[state]();
}

/** What a person has to know of a device that does not do what they wish; null while it does. */
export function deviceSentence(device: OwnDevice, state: DeviceState): string | null {
	switch (state) {
		case 'on':
		case 'off':
		case 'ready':
		case 'starting':
			return null;
		case 'withheld':
			return device === 'microphone' ? m.stage_run_silenced() : m.stage_device_withheld_what();
		default:
			return problemSentence(device, state);
	}
}

/** What to do about a camera or microphone that does not work. */
export function problemSentence(of: 'camera' | 'microphone' | 'screen', why: DeviceProblem): string {
	const what = { camera: m.stage_camera, microphone: m.stage_microphone, screen: m.stage_screen }[of]();
	const advice: Record<DeviceProblem, () => string> = {
		refused: m.stage_problem_refused,
		missing: m.stage_problem_missing,
		busy: m.stage_problem_busy,
		unsupported: m.stage_problem_unsupported,
		failed: m.stage_problem_failed,
		ended: m.stage_problem_ended
	};
	return joinLabel(what, advice[why]());
}

/** Why an act on a stage is refused. */
export type StageRefusal = Exclude<
	RefusalOf<
		| 'set_run_state'
		| 'set_on_stage'
		| 'bar_from_session'
		| 'set_stage_layout'
		| 'set_spotlight'
		| 'allow_microphone'
		| 'make_run_host'
		| 'set_countdown'
		| 'save_session_timer'
		| 'lock_entry'
		| 'raise_level_in_emergency'
		| 'confirm_notice'
		| 'send_backstage_message'
		| 'turn_slide'
		| 'open_run'
		| 'announce_on_stage'
		| 'withdraw_stage_announcement'
	>,
	'already'
>;

/** Why an announcement was refused, in a sentence. */
export function announcementRefusal(status: StageRefusal): string {
	if (status === 'too_often') return m.stage_refused_announcing_too_often();
	return status === 'too_long' ? m.stage_refused_announcement() : stageRefusal(status);
}

/** Why an act at the desk was refused, in a sentence. */
export function stageRefusal(status: StageRefusal): string {
	const words: Record<StageRefusal, () => string> = {
		...entrySentences,
		not_found: m.participation_refused_gone,
		not_seen: m.participation_refused_gone,
		room_busy: m.stage_refused_room_busy,
		not_possible: m.stage_refused_not_possible,
		ended: m.stage_refused_not_possible,
		cancelled: m.stage_refused_not_possible,
		kept_off: m.stage_kept_off,
		not_a_speaker: m.stage_refused_not_a_speaker,
		guardian: m.stage_refused_guardian,
		too_early: m.stage_refused_too_early,
		no_room: m.stage_refused_no_room,
		not_allowed: m.stage_refused_not_allowed,
		too_long: m.stage_run_chat_too_long,
		too_often: m.stage_run_chat_too_often,
		invalid: m.stage_refused_announcement
	};
	return words[status]();
}
