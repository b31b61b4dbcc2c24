import { sessionRoleWord } from '#lib/agenda/words.ts';
import { joinLabel } from '#lib/i18n/list.ts';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import type { CameraFacts, CameraMoment } from './camera.ts';

/** A count that was rounded down to a multiple of the smallest group. */
export function atLeast(count: number, smallest: number): string {
	return count < smallest
		? m.stage_camera_fewer({ count: number(smallest) })
		: m.stage_camera_least({ count: number(count) });
}

/** The heading of the sessions of a moment. */
export const cameraMomentWords: Record<CameraMoment, () => string> = {
	now: m.stage_camera_now,
	next: m.stage_camera_next,
	later: m.stage_camera_later,
	over: m.stage_camera_over
};

/** Somebody on stage as the crew recognises them. */
export function onStageWords({ place, role, name }: CameraFacts['stage'][number]): string {
	const words = m.stage_camera_place({ place: number(place), role: sessionRoleWord(role) });
	return name === null ? words : joinLabel(words, isolated(name));
}

/** How many in the hall must not be in a picture. */
export function hallWords({ hall }: CameraFacts): string {
	if (!hall) return m.stage_camera_hall_unknown();
	const count = atLeast(hall.count, hall.smallest);
	return hall.basis === 'inside' ? m.stage_camera_hall_inside({ count }) : m.stage_camera_hall_signed_up({ count });
}

/** What may be recorded. */
export function recordingWords({ recording, without_consent }: CameraFacts): string {
	return {
		never: () => m.stage_camera_recording_never(),
		no: () => m.stage_camera_recording_no(),
		sealed: () => m.stage_camera_recording_sealed(),
		incomplete: () => m.stage_camera_recording_incomplete({ count: number(without_consent) }),
		complete: () => m.stage_camera_recording_complete()
	}[recording]();
}
