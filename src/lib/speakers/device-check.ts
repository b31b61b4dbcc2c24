/* The texts and the result of a speaker's device check. No I/O. */
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { DeviceCheckOutcome } from '#lib/database/answers/speakers/work.ts';

export type { LastCheck, DeviceCheckOutcome } from '#lib/database/answers/speakers/work.ts';

const problems = ['refused', 'missing', 'busy', 'unsupported', 'failed'] as const;
const lineStates = ['ok', 'blocked', 'no_answer', 'away'] as const;
export type ConnectionResult = (typeof lineStates)[number];

/** The result of a check, as the page sends it. */
export const outcomeSchema = v.object({
	device: v.picklist(['phone', 'tablet', 'computer']),
	camera: v.picklist(['ok', 'off', ...problems]),
	microphone: v.picklist(['ok', 'silent', ...problems]),
	loudspeaker: v.picklist(['ok', 'not_heard']),
	line: v.picklist(lineStates)
});

/** The result of the connection test, in a sentence. */
export function lineSentence(line: ConnectionResult): string {
	return {
		ok: m.speakers_check_line_ok,
		blocked: m.speakers_check_line_blocked,
		no_answer: m.speakers_check_line_no_answer,
		away: m.speakers_check_line_away
	}[line]();
}

/** The kind of device of a browser; `touch`: the number of touch points. */
export function deviceKindOf(agent: string, touch: number): DeviceCheckOutcome['device'] {
	if (/iPad|Tablet|Android(?!.*Mobile)/i.test(agent) || (/Macintosh/.test(agent) && touch > 1)) return 'tablet';
	return /Mobi|iPhone|Android/i.test(agent) ? 'phone' : 'computer';
}

/** A kind of device, in words. */
export function checkedDeviceWord(device: DeviceCheckOutcome['device']): string {
	return {
		phone: m.speakers_device_phone,
		tablet: m.speakers_device_tablet,
		computer: m.speakers_device_computer
	}[device]();
}

type Part = 'camera' | 'microphone' | 'loudspeaker' | 'line';

/** What a check found, part by part. */
export function checkedWords(check: Pick<DeviceCheckOutcome, Part>): string[] {
	const results: Record<DeviceCheckOutcome[Part], () => string> = {
		ok: m.speakers_result_ok,
		failed: m.speakers_result_failed,
		refused: m.speakers_result_refused,
		off: m.speakers_result_off,
		missing: m.speakers_result_missing,
		busy: m.speakers_result_busy,
		unsupported: m.speakers_result_unsupported,
		silent: m.speakers_result_silent,
		not_heard: m.speakers_result_not_heard,
		away: m.speakers_result_away,
		blocked: m.speakers_result_blocked,
		no_answer: m.speakers_result_no_answer
	};
	return [
		m.speakers_checked_camera({ result: results[check.camera]() }),
		m.speakers_checked_microphone({ result: results[check.microphone]() }),
		m.speakers_checked_loudspeaker({ result: results[check.loudspeaker]() }),
		m.speakers_checked_line({ result: results[check.line]() })
	];
}
