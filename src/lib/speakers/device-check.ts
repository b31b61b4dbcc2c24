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
