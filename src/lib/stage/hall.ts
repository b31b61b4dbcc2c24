import { m } from '#lib/i18n/messages.ts';
import type { RunState } from './stage.ts';
import type { HallState } from '#lib/database/answers/stage/rooms.ts';

export type { HallRun } from '#lib/database/answers/stage/rooms.ts';

/** The cookie of the browser that sends for a room's hall: each room has its own name, since a `__Host-` cookie is valid for all paths. */
export function hallCookie(room: string): string {
	return `hall-${room}`;
}

/** The state of a run's hall, in a sentence. `since` is written out, `state` is the run's. */
export function hallSentence(hall: HallState | null, state: RunState, since: string): string {
	if (!hall?.is_connected) return m.stage_hall_state_absent();
	const device = {
		browser: m.stage_hall_kind_browser,
		encoder: m.stage_hall_kind_encoder,
		ingress: m.stage_hall_kind_ingress
	}[hall.kind]();
	const sees = hall.sends.includes('camera') || hall.sends.includes('screen');
	const sendsSound = hall.sends.includes('microphone');
	if (state !== 'live') return m.stage_hall_state_waits({ device, since });
	if (sees && sendsSound) return m.stage_hall_state_both({ device, since });
	if (sees) return m.stage_hall_state_no_sound({ device, since });
	return sendsSound ? m.stage_hall_state_no_picture({ device, since }) : m.stage_hall_state_nothing({ device, since });
}
