import { m } from '#lib/i18n/messages.ts';
import { dayKey } from '#lib/i18n/time.ts';
import type { SessionRole } from '#lib/agenda/session.ts';
import type { Participation } from '#lib/database/answers/speakers/work.ts';

export type { SessionRole } from '#lib/agenda/session.ts';
export type { Debrief, Participation, ParticipationConsents } from '#lib/database/answers/speakers/work.ts';

/** A role in a session, in the reader's words. */
export function roleName(role: SessionRole): string {
	return {
		speaker: m.speakers_role_speaker,
		chair: m.speakers_role_chair,
		moderator: m.speakers_role_moderator,
		respondent: m.speakers_role_respondent,
		interpreter: m.speakers_role_interpreter,
		captioner: m.speakers_role_captioner
	}[role]();
}

/** The room in which the session is or will be streamed: of its run, else its first. */
export function stageRoom(participation: Participation): string | null {
	return participation.run?.room ?? participation.slots[0]?.rooms[0]?.slug ?? null;
}

/** In order of time, by the day of their first slot ("2027-06-09"); those without a time last, under ''. */
export function byDay(participations: readonly Participation[], zone: string): [day: string, Participation[]][] {
	const found = new Map<string, Participation[]>();
	for (const each of participations) {
		const start = each.slots[0]?.start;
		const key = start ? dayKey(start, zone) : '';
		found.set(key, [...(found.get(key) ?? []), each]);
	}
	return [...found];
}
